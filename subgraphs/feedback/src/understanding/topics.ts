import { LEXICA } from './lexicon/lexica.ts';
import type { Language } from './lexicon/lexicon.ts';
import { StemSet } from './lexicon/compile.ts';
import { languageOf, MAX_TEXT, scoreOf, weigh } from './sentiment.ts';
import { sentences } from './text.ts';

/** What customers of a retailer talk about. The names are stable: events, rows and dashboards carry them. */
const TOPICS = [
  'delivery',
  'product-quality',
  'price',
  'staff',
  'customer-service',
  'returns',
  'availability',
  'wrong-order',
  'packaging',
  'size-and-fit',
  'website-and-app',
  'payment',
  'store',
  'queues',
  'loyalty',
] as const;
type Topic = (typeof TOPICS)[number];

export interface Theme {
  topic: Topic;
  /** How the sentences that speak of it feel. */
  sentiment: number;
}

/** Stems by topic; the languages share one list where no word of one means something else in another. */
const WORDS: Record<Topic, string> = {
  delivery: `entreg* envi* llego llega llegado llegaron repart* mensajer* transport* paquete* correos demor* retras* plazo prazo chegou chegar chegaram
    receb* recibi* frete flete correio* transportadora* atras* atraz* deliver* deliveries ship* arriv* courier* late parcel* tracking rastre* seguimiento`,
  'product-quality': `calidad* qualidade quality roto rota rotos rotas rompio defect* defeit* estrope* averi* funciona funciono funcionou funcionan quebr* broke* breaks
    damag* danad* danific* material materiales materiais fragil* durad* durab* acabad* acabament* works worked working flimsy sturdy faulty desgast* product* produt*`,
  price: `precio* preco* price* caro cara caros caras carisim* barat* cheap* expensiv* overpric* oferta* descuento* desconto* discount* promocion* promoc* offer* value coste custo* cost costs
    dinero dinheiro money`,
  staff: `dependient* vendedor* emplead* personal trato atendi* atend* amabl* simpatic* educad* maleduc* antipatic* cajer* chic* funcionari* staff employee* assistant* associate* cashier* rude
    friendly helpful polite salesman saleswoman gerente encargad* manager*`,
  'customer-service': `atencion soporte suporte reclam* queja* contest* respond* respuesta* respost* llamad* telefon* sac email* correo support complain* complaint* answer* reply replied call called helpline service
    servicio servico resolv* resuelv* solucion*`,
  returns: `devol* devuel* reembols* estorno refund* return* cambio cambiar cambios troca trocar exchange* garantia* warrant* abono`,
  availability: `stock agotad* existencias disponib* disponiv* indisponiv* esgotad* estoque unavailable available`,
  'wrong-order': `equivocad* errad* incorrect* incomplet* wrong missing diferente* different faltan faltaba falto faltou faltando incompleto confund* trocad* cambiado`,
  packaging: `embal* paquete caja caixa box packag* packed envolt* embrulh* precint* bolsa* amassad* aplastad*`,
  'size-and-fit': `talla* tallaje tamano* tamanho* medida* size* sizing fit fits grande grandes pequeno pequena small large tight apertad* estrech* ancho larg* numeracao numero horma`,
  'website-and-app': `web website site pagina* app aplicacion aplicativo online internet checkout login buscador carrito carrinho password contrasena senha cuelga crash*`,
  payment: `pago pagos pagar pagamento* pague cobr* tarjeta* cartao cartoes card boleto* factura* fatura* invoice* charged payment* bizum paypal pix transferenc*`,
  store: `tienda* loja lojas store stores shop local probador* provador* escaparate* pasillo* limpi* limp* suci* suj* aparcamiento estacionament* parking ambiente* music* musica ordenad* desordenad* organizad*`,
  queues: `cola colas fila filas queue* esperar esperando espera esperas waited waiting wait`,
  loyalty: `punto* pontos points fideli* fidelid* loyalty socio* socia* club recompensa* reward* vale vales cupon* cupom cupons coupon* voucher*`,
};

const STEMS: [Topic, StemSet][] = TOPICS.map((topic) => [topic, new StemSet(WORDS[topic])]);

/** At most this many are kept of one text: a text that speaks of everything speaks of nothing. */
const MAX_THEMES = 5;

/** What a text speaks of, most spoken of first, and how it feels about each. */
export function themesOf(text: string, hint?: string | null): Theme[] {
  const cut = text.slice(0, MAX_TEXT);
  const language: Language = languageOf(cut, hint);
  const found = new Map<Topic, { mentions: number; weights: number[] }>();
  for (const sentence of sentences(cut)) {
    const words = sentence.flat();
    const weights = weigh(sentence, LEXICA[language]);
    for (const [topic, stems] of STEMS) {
      const mentions = words.filter((word) => stems.has(word)).length;
      if (mentions === 0) continue;
      const theme = found.get(topic) ?? { mentions: 0, weights: [] };
      theme.mentions += mentions;
      theme.weights.push(...weights);
      found.set(topic, theme);
    }
  }
  return [...found]
    .sort(([, a], [, b]) => b.mentions - a.mentions)
    .slice(0, MAX_THEMES)
    .map(([topic, { weights }]) => ({ topic, sentiment: scoreOf(weights) }));
}
