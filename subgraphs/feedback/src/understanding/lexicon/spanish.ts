import type { Lexicon } from './lexicon.ts';

/** Spanish of Spain and of America, as written in reviews and to a shop's customer care. */
export const spanish: Lexicon = {
  language: 'es',
  words: [
    [
      3,
      `excelent* magnific* maravill* fantastic* perfect* espectacular* genial* estupend* fenomenal* increibl*
       impresionant* insuperabl* inmejorabl* sobresalient* encanto encanta encantan encantaron encantado encantada encantados
       encantadas encantador* encantar* enamor* fascin* brillant* extraordinari* excepcional* fabulos* buenisim* riquisim*
       preciosisim* comodisim* rapidisim* amabilisim* contentisim* bonitisim* utilisim* facilisim* baratisim* delicios* exquisit*
       joya joyas maestr* sublime* soberbi* divino divina chulisim* guapisim* superbien ideal flipa flipante
       alucinant* imprescindibl* felicidades enhorabuena`,
    ],
    [
      2,
      `buen buena bueno buenos buenas mejor mejores gusta gustan gustado gustaron gustaba gustazo recomiend* recomendabl* recomendad*
       recomendar* content* satisfech* satisfact* satisfac* feliz felices felicit* alegr* precioso preciosa preciosos preciosas bonit* hermos*
       bello bella bellos bellas belleza lindo linda lindos lindas guapo guapa chulo chula chulos chulas agradabl* agradec* amabl*
       atento atenta atentos atentas simpatic* profesionales profesionalidad eficaz eficaces eficien* rapido rapida rapidos rapidas
       rapidez puntual puntuales puntualidad facil faciles facilmente facilidad comodo comoda comodos comodas comodidad confortabl*
       util utiles practico practica practicos practicas fiabl* fiabilidad resistent* robust* durader* elegant* interesant* divertid* diviert*
       emocionant* emocion* apasion* acogedor* limpio limpia limpios limpias impecabl* silencios* potent* potencia ganga chollo
       acert* acierto aciertos exito exitos exitos* disfrut* favorit* ador* amor bien barato barata baratos baratas economic*
       asequibl* correcto correcta servicial* educado educada educados cercan* calid* impoluto nitid* fluid* ventaja ventajas
       virtud* talento* inteligent* ingenios* entretenid* entretien* engancha* magia magico magica carism* tierno tierna
       sincer* honest* generos* gratis mejorado mejora mejoro triunf* admir* sorprendent* suave* versatil* solid* confianza`,
    ],
    [
      1,
      `gracias calidad barat* original* novedos* moderno moderna modernos preferid* ligero ligera ligeros manejabl* seguro segura seguridad
       estable* completo completa completos intuitiv* sencill* funcional* claro claramente agil* natural* variedad amplio amplia amplios
       luminos* tranquil* relaj* fresco fresca merece compensa aceptable* adecuad* rentabl* conform* cumple cumplen cumplio cumplieron
       gusto rico rica ricos ricas nuevo nueva regalo cariño carino sonris* sonrie* ayud* garantiz* animo
       logra* consigue* conseguido sabor* ahorr* positiv* valoro aprecio`,
    ],
    [
      -1,
      `tarda tardan tardar tardaron tardo tardado tarde falta faltan faltaba faltaban falto faltaron caro cara caros caras regular regularcillo devolver
       devolucion devoluciones devuelto reclam* espera esperando esperar raro rara raros duda* riesgo* limitad* pequeno estrecho
       estrecha antiguo antigua anticuad* viejo vieja pesado pesada pesados pesadas frio fria ruido ruidos ruidos* normalito
       normalita simple simplon* justito justo escaso escasa escasos escasez mediocre* previsibl* topico topicos tipico pierde pierden perder
       gasta gastan consume cambiar quitar intentar intento pega pegas inconvenient* excesiv* cancel* anul* lio
       sobrevalor* supuest* pretend* unic* nadie cero olvid* abandon* dejaron resign* anticu* apagad* sospech*`,
    ],
    [
      -2,
      `mal mala malo malas malos malamente peor peores lento lenta lentos lentas lentitud roto rota rotos rotas rotura
       rompe rompen rompio rompieron romperse defect* falla fallan fallo fallos fallaba fallado fallando fallar averi* estrope* danado danada
       danados dano danos danar problem* queja quejas quejar* quejo retras* demor* incompet* ineptos inept* mentira mentiras mentir* mienten
       falso falsa falsos falsas falsific* maleduc* antipatic* groser* borde bordes prepotent* desagradabl* incomod* sucio sucia sucios
       sucias suciedad carisim* aburrid* aburre* aburri* pesadez floj* pobre pobres triste* tristeza feo fea feos feas cutre*
       inutil* imposibl* dificil* complicad* confus* error errores equivoc* incorrect* incumpl* perdido perdida
       desperdici* arrepent* arrepient* enfad* molest* frustr* desesper* cabrea* harto harta hartos hartas deprim* insipid* soso sosa
       peligro* rasgun* aranaz* mancha manchas manchad* arrug* desgast* descos* encog* descolor* despeg* insuficient* deficient*
       vulgar* quemad* bloque* cuelga cuelgan colgado abusiv* abuso* absurd* ridicul* tonto tonta tontos tonterias tonteria malgast* engorro*
       desilu* desaconsej* desech* caduc* podrid* mareo mareant* sufr* dolor* duele* atasc* colas
       negativ* disgust* defraud* desastr* deplor* caos caotic* injust* irrespons* lastima pena decae chirri* cansin*
       cansad* superficial* insulso insulsa vacio vacia previsible malvad* averia incapaz incapaces ignora* ignoran desinteres* desprec*
       descuid* timo timos incordi* fastidi* chasco chapucero indeseable*`,
    ],
    [
      -3,
      `pesim* horribl* horros* horror fatal* nefast* terribl* espantos* espanto asqueros* asco basura mierd* penos* lamentabl* verguenza vergonz*
       estaf* timad* timar timaron timado fraud* engano enganos enganad* enganar enganan enganoso enganosa enganaron robo roban robaron robado ladron* inacept*
       inadmisibl* indign* desastre desastros* decepcion* repugnant* insoportabl* inaguantabl* inservibl* porqueri* chapuz* bazof*
       denunci* patetic* odio odie odia detest* malisim* lentisim* feisim* aburridisim* pesadilla infierno calvario tortura suplicio
       sinverguenz* bochorn* tomadura castana truno bodrio ladrillo petardo peste huid* huyan huir
       chatarra caca puta jodid* imperdonabl* infumabl* insufribl* cabron*`,
    ],
  ],
  phrases: [
    [
      3,
      `antes de lo previsto
       antes de lo esperado
       volvere a comprar
       volveria a comprar
       volveremos a comprar
       lo volveria a
       la volveria a
       obra maestra
       de maravilla
       de lujo
       de diez
       cinco estrellas
       10 de 10
       de lo mejor
       sin duda lo mejor
       sin dudarlo
       muy recomendable`,
    ],
    [
      2,
      `vale la pena
       merece la pena
       valen la pena
       merecen la pena
       sin problema
       sin problemas
       ningun problema
       sin ningun problema
       en buen estado
       a tiempo
       antes de tiempo
       nada mal
       no esta mal
       no esta nada mal
       no estan mal
       relacion calidad precio
       buen precio
       calidad precio
       en perfecto estado
       mas que suficiente
       no os la perdais
       no te la pierdas
       no defrauda
       no decepciona
       sin pegas
       la mejor
       el mejor
       lo mejor
       lo recomiendo
       la recomiendo
       os recomiendo
       repetire
       repetiremos
       punto fuerte`,
    ],
    [
      0,
      `buenas tardes
       buenos dias
       buenas noches
       buena tarde
       atencion al cliente
       servicio al cliente
       sin embargo
       por favor
       a veces
       a lo mejor
       en vez
       mas tarde
       el caso es
       bien de precio
       mas bien
       o bien
       no solo
       no hay problema
       menos mal
       dar la cara
       por supuesto
       en cuanto
       nada mas llegar`,
    ],
    [
      -2,
      `fuera de plazo
       mas o menos
       por los suelos
       nada que ver
       mucho que desear
       que desear
       no volvere
       no volveria
       no vuelvo
       no compreis
       no compren
       no lo compreis
       no la compreis
       no comprar
       no lo compren
       ni se te ocurra
       ni se os ocurra
       ni se les ocurra
       no vale
       no merece
       no sirve
       no pude
       no aconsejo
       no funciona
       no funciono
       no compro
       no me ha llegado
       no consigo
       no hay manera
       no hay forma
       no es normal
       sin solucion
       sin respuesta
       sin avisar
       sin contestar
       servicio tecnico
       lo peor
       la peor
       el peor
       de pena
       cuidado con
       ojo con
       me arrepiento
       hoja de reclamaciones
       segunda vez que
       tercera vez que
       dejo de funcionar
       deja de funcionar
       dejado de funcionar
       dejo de`,
    ],
    [
      -3,
      `en mal estado
       mal estado
       tirar el dinero
       tirar dinero
       dinero tirado
       perdida de tiempo
       perder el tiempo
       perdida de dinero
       nunca mas
       jamas volvere
       deja mucho que desear
       lo barato sale caro
       una estrella
       cero estrellas
       tomadura de pelo
       hasta las narices
       toman el pelo
       no lo recomiendo
       no la recomiendo
       no recomiendo
       nada recomendable
       poco recomendable
       sin verguenza
       que verguenza`,
    ],
  ],
  expected: `llega llegan llego llegado llegaron llegue recibi recibido recibio recibimos recibir entreg* funciona funcionan funciono funcionaba
    funcionado funcionar respond* contest* resuelv* resolv* solucion* sirve sirven sirvio atiend* atend* cogen cargan carga conecta reembols* devuelven enciende abre acepta aceptan aceptaron acepto aceptar`,
  negators: `no ni nunca jamas sin nada tampoco ningun ninguna ninguno apenas nadie`,
  intensifiers: `muy mucho mucha muchos muchas super tan tanto bastante realmente totalmente absolutamente extremadamente sumamente demasiado verdaderamente mas
    completamente increiblemente especialmente hiper mega`,
  diminishers: `poco poca pocos pocas algo casi ligeramente relativamente medio`,
  contrasts: `pero aunque embargo sino obstante`,
  marks: `el los las y es en una con por muy pero lo del al este esta mas fue ha hay todo sus ya cuando yo han sin ellos le
    usted tiene porque tengo nada llego pedido hacer hasta donde aqui bien siempre`,
};
