import type { Lexicon } from './lexicon.ts';

/** Portuguese, mainly of Brazil, as written in reviews and to a shop's customer care. */
export const portuguese: Lexicon = {
  language: 'pt',
  words: [
    [
      3,
      `excelent* exelent* otimo otima otimos otimas otimamente maravilh* fantastic* perfeit* espetacular* sensacional* incrivel incriveis
       impecavel impecaveis amei adorei adoro amo ador* amamos apaixon* encantad* sublime* magnific* extraordinari* excepcional* divino divina lindissim*
       fabulos* brilhant* parabens nota10 top show maximo rapidissim* bonissim* fofissim* delicios* incomparavel insuperavel imbativel
       linda lindo lindas lindos deslumbrant* excedeu superou surpreendeu parabenizo`,
    ],
    [
      2,
      `bom boa bons boas melhor melhores gostei gosto gostamos gostou gostaram gostando gostar recomend* satisfeit* satisfac* satisfez satisfat* feliz felizes content*
       bonit* bel* agradavel agradaveis agradou agradec* atencios* simpatic* gentil gentis educad* profissional profissionais profissionalismo eficaz eficient*
       eficienc* rapido rapida rapidos rapidas rapidez rapidamente agil agilidade ageis pontual pontuais pontualidade facil faceis facilidade confortavel
       confortaveis confort* util uteis pratico pratica praticos praticidade confiavel confiaveis confianca confio resistent* robust* duravel duraveis elegant* interessant*
       divertid* emocion* aconchegant* limp* silencios* potent* barat* correto corretamente certinho certinha direitinho adiantad* antecipad* antecedencia
       favorit* amor perfeic* honest* seri* idone* cuidad* carinh* caprich* capricho super eficacia vantaj* vantag* sucesso fiel ideal
       legal fofo fofa macio macia cheiros* gostos* otimizad* elogi* fidelidade impecabil* economic* surpreend* prestativ* ageis bem
       maneiro massa tranquil* responsavel comprometid* organizad* cumpriu cumpriram cumprem cumpre exatamente`,
    ],
    [
      1,
      `obrigad* qualidade conforme certo certa original originais novo nova moderno ok aceitavel seguro segura seguranca leve leves estavel completo completa
       funcional variedade ajud* claro gratis presente valeu vale compensa adequad* funcionando intacto intacta caprichad* esperado sempre dentro
       ansios* atendeu elegancia atend* correspond* embalad* preferid* simples indico voltarei comprarei
       positiv* sonho cabe serviu`,
    ],
    [
      -1,
      `demora demorou demorad* demoram falta faltando faltou faltam faltaram caro cara caros caras regular devolver devolucao devolvi troca trocar espera esperando aguard* aguardando pequeno
       pequena apertado apertada antigo antiga velho velha pesado frio barulho barulhent* fino fina finos simplesinho mediocre* razoavel 
       duvida* risco dificuldade* apenas somente ainda cancel* divergent* desculpa desnecessari* demorando estorno reembols* correios extravi* pendente incomplet* fraquinh* fraco fraca
       reclam* procon retorno posicionamento providencia* parcial metade diferente diferentes outro outra resposta solicito cobr* queria gostaria`,
    ],
    [
      -2,
      `mal mau ma maus pior piores lento lenta lentidao quebrad* quebrou quebra quebrar defeit* falha* falhou falhas problem* queixa* atras* atraz*
       incompet* inept* mentir* mentira mentiros* falso falsa falsos falsas falsific* grosseir* arrogant* desagradavel desconfort* suj* carissim*
       chat* feio feia feios feias inutil impossivel dificil complicad* confus* erro erros errad* errou enganad* equivoc* descumpr* perdid* perdi perda desperdic*
       arrepend* aborrec* chatead* frustr* desesper* irrit* triste tristeza infeliz* insatisfeit* insatisf* desapont* preocupad* perigos* arranhad* arranh* manchad*
       mancha* rasgad* rasgou rasg* amassad* amass* trincad* trinc* riscad* descosturad* encolh* desbot* descol* solta soltando soltou insuficient* ruins ruim ruinzinh* precari*
       travou trava travando abusiv* abuso absurd* ridicul* lixo enrol* cade danificad* danific* avaria* avariad* usado usada pirata paralel* vencid* estragad* estrag* sofr*
       injust* irrespons* despreparad* desrespeit* descaso desrespeito negligen* ignora* ignorad* negativ* deficien* infelizmente queimou queimad* vazou vazando vazio vazia torto torta mofo
       indisponivel indisponiveis fragil frageis replica trouxa incomod* transtorno* desorganiz* insuport* esfarrapad* constrang* ausencia nenhum nenhuma ninguem nada nunca jamais sumiu desist* inferior golpe`,
    ],
    [
      -3,
      `pessim* horrivel horriveis horror terrivel terriveis pavoros* nojent* nojo porcaria merda vergonh* lastim* lamentavel lamentaveis fraud* estelionat* golpist* engana enganaram
       enganou enganosa enganoso roub* ladra* ladro* inaceitavel inadmissivel indign* desastr* decepc* decepcion* repugnant* insuportavel imprestavel
       denunci* processar justica odiei odeio odio detest* pesadelo palhacada bosta droga caloteir* calote picaret* tosco tosca tapeac* tapead* horrorosa horroros* sacanagem
       fiasco nefast* desonest* charlat* farsa`,
    ],
  ],
  phrases: [
    [
      3,
      `antes do prazo
       antes do previsto
       antes do esperado
       antes da data
       bem antes
       muito antes
       chegou antes
       super recomendo
       recomendo a todos
       compraria novamente
       comprarei novamente
       comprarei mais
       comprarei de novo
       comprarei sempre
       com certeza comprarei
       voltarei a comprar
       compro sempre
       nota 10
       nota dez
       nota mil
       nota 1000
       cinco estrelas
       5 estrelas
       de primeira
       sem defeito
       sem palavras
       superou as expectativas
       superou minhas expectativas
       superou as minhas expectativas
       melhor do que eu esperava
       maior rapidez
       de parabens
       esta de parabens
       estao de parabens
       esta aprovado
       tudo certo
       tudo otimo
       tudo perfeito
       tudo ok
       sem problemas`,
    ],
    [
      2,
      `vale a pena
       valeu a pena
       sem problema
       nenhum problema
       sem nenhum problema
       nada a reclamar
       nada a declarar
       nao tenho do que reclamar
       nao tenho o que reclamar
       nada de ruim
       no prazo
       dentro do prazo
       no tempo certo
       no dia certo
       na data certa
       na data prevista
       em dia
       bom preco
       custo beneficio
       como esperado
       como esperava
       conforme o esperado
       conforme esperado
       como descrito
       conforme descrito
       conforme anunciado
       conforme combinado
       conforme pedido
       conforme solicitado
       bem embalado
       bem embalada
       em perfeito estado
       em perfeitas condicoes
       sem avarias
       sem danos
       entrega rapida
       tudo bem
       tudo bom
       sem demora
       rapida entrega
       o mesmo do site
       igual ao anunciado
       igual da foto
       sem atraso
       nao tive problemas
       nao tive problema
       nao deixa a desejar
       nao deixou a desejar
       nao me arrependo
       bem rapido
       bem feito`,
    ],
    [
      0,
      `bom dia
       boa tarde
       boa noite
       por favor
       a gente
       alem de
       a mais
       de acordo
       mas foi
       ainda nao abri
       ainda nao usei
       ainda nao testei
       ainda nao experimentei
       ainda nao tive
       ainda nao instalei
       nao abri ainda
       nao usei ainda
       nao testei ainda
       so que
       so tenho
       so tenho a agradecer
       pela segunda vez
       nao so
       so elogios
       sem mais
       nada mais`,
    ],
    [
      -2,
      `fora do prazo
       depois do prazo
       apos o prazo
       passou do prazo
       prazo de entrega nao
       nao cumpriu
       mais ou menos
       nao era o
       nao e o que
       nao foi o que
       nao corresponde
       nao condiz
       nao confere
       a desejar
       veio errado
       veio errada
       veio faltando
       veio sem
       veio com
       so recebi
       recebi apenas
       recebi somente
       recebi so
       recebi um
       recebi outro
       somente um
       apenas um
       falta um
       faltou um
       ate o momento
       ate hoje
       ate o presente
       ate a presente
       sem resposta
       sem retorno
       sem solucao
       sem informacao
       nao consigo
       nao consegui
       nao da
       nao tem
       nao veio
       nao compro
       nao compraria
       nao comprem
       nao comprei
       nao sei
       nao tive
       nao gostei
       nao foi entregue
       nao aconselho
       sem explicacao
       sem nenhuma explicacao
       desta vez
       cor errada
       tamanho errado
       produto errado
       produto diferente
       outro produto
       outra cor
       meu dinheiro
       dinheiro de volta
       quero meu
       quero o meu
       quando vou receber
       gostaria de saber
       quero saber
       preciso saber
       aguardo retorno
       aguardo resposta
       aguardo contato
       no aguardo
       estou aguardando
       estou esperando
       fui obrigado
       fui obrigada
       tive que
       parou de
       deixou de
       ma qualidade
       baixa qualidade
       pessima qualidade`,
    ],
    [
      -3,
      `nunca mais
       jogar dinheiro fora
       dinheiro jogado fora
       dinheiro fora
       perda de tempo
       perda de dinheiro
       nao recomendo
       nao recomendaria
       nao indico
       deixa a desejar
       deixou a desejar
       deixa muito a desejar
       deixou muito a desejar
       uma estrela
       zero estrelas
       nota zero
       nota 0
       propaganda enganosa
       ate agora nada
       ate agora nao
       ainda nao recebi
       ainda nao chegou
       nao recebi
       nao chegou
       nao entregaram
       nao entregou
       nao recebemos
       nada ainda
       nada ate
       nao funciona
       nao funcionou
       nao presta
       nao compre
       nao confie
       nao vale
       em mau estado
       pessimo estado`,
    ],
  ],
  expected: `recebi recebid* receb* chegou chegaram chega chegar chegando entreg* funcion* respond* resolv* solucion* liga ligou serve servem servir cumpri* veio vieram enviaram enviou enviad* envia
    mandaram consta devolveram abre carrega aceita aceitam aceitou aceitaram`,
  negators: `nao naum n nem nunca jamais sem nada nenhum nenhuma tampouco ninguem`,
  intensifiers: `muito muita muitos muitas super tao bem bastante realmente totalmente absolutamente extremamente demais mega hiper completamente
    verdadeiramente mt mto mto mui`,
  diminishers: `pouco pouca poucos quase levemente meio relativamente`,
  contrasts: `mas porem entretanto contudo embora todavia entanto`,
  marks: `o os as e em uma com nao muito do da ao foi na no mas mais produto meu minha que voce tem ja chegou entrega prazo recebi eu
    pelo pela ate loja um comprei nem ele ainda bem dia sao esta`,
};
