/** What customers write, by how it went and about what; read by the sentiment of feedback like any other text. */
export type Topic = 'entrega' | 'atención' | 'talla' | 'calidad' | 'precio' | 'devolución';

export const PRAISE: Record<Topic, string[]> = {
  entrega: [
    'El pedido llegó antes de lo previsto, muy contenta.',
    'Entrega rapidísima y el paquete en perfecto estado.',
    'Lo recogí en tienda en dos horas, comodísimo.',
  ],
  atención: [
    'La chica que me atendió fue un encanto.',
    'Trato excelente, volveré seguro.',
    'Muy amables y con paciencia, da gusto.',
  ],
  talla: ['La talla me queda perfecta, la guía acierta.', 'Me ayudaron a encontrar mi talla enseguida.'],
  calidad: [
    'La tela es buenísima, se nota la calidad.',
    'Muy bien acabado, mejor que en la foto.',
    'Calidad estupenda, lo recomiendo.',
  ],
  precio: ['Muy buena relación calidad precio.', 'Con los puntos me salió genial de precio.'],
  devolución: ['Devolví en tienda lo que compré en la web sin ningún problema.', 'La devolución fue facilísima.'],
};

export const SO_SO: Record<Topic, string[]> = {
  entrega: ['Llegó un día tarde, pero bien.', 'El envío correcto, sin más.'],
  atención: ['Había bastante cola en caja.', 'Atención normal.'],
  talla: ['Talla un poco pequeño, hay que pedir una más.'],
  calidad: ['Está bien, aunque el color no es el de la foto.', 'Correcto para lo que cuesta.'],
  precio: ['Un poco caro, pero me gusta.'],
  devolución: ['La devolución tardó una semana.'],
};

export const COMPLAINT: Record<Topic, string[]> = {
  entrega: [
    'El pedido llegó tarde y la caja rota.',
    'Llevo diez días esperando y nadie me dice nada.',
    'Pésima entrega, el repartidor ni llamó.',
  ],
  atención: [
    'Pésima atención, nadie me hizo caso en la tienda.',
    'El dependiente fue muy maleducado.',
    'Veinte minutos de cola y una sola caja abierta.',
  ],
  talla: ['La talla no tiene nada que ver con la guía.', 'He tenido que cambiarlo dos veces por la talla.'],
  calidad: ['Se descosió al primer lavado, muy mala calidad.', 'El producto vino con una mancha.'],
  precio: ['Muy caro para lo que es.', 'En la web tenía otro precio que en la tienda.'],
  devolución: [
    'No me aceptaron la devolución y tenía el ticket.',
    'Tres semanas y todavía no me han devuelto el dinero.',
  ],
};

export const TOPICS: readonly Topic[] = ['entrega', 'atención', 'talla', 'calidad', 'precio', 'devolución'];

/** What is searched for; some of it the shop does not have, which is what demand by area shows. */
export const SEARCHES: readonly (readonly [string, number])[] = [
  ['vestido lino', 9],
  ['botas', 8],
  ['abrigo', 8],
  ['zapatillas', 9],
  ['manta', 5],
  ['bolso piel', 6],
  ['vaquero', 7],
  ['lámpara', 3],
  ['bañador', 4],
  ['chaqueta cuero', 4],
  ['camisa blanca', 6],
  ['pijama niño', 3],
  ['colonia', 3],
  ['regalo madre', 3],
  ['esterilla yoga', 2],
  ['paraguas', 3],
  ['falda plisada', 3],
  ['gafas de sol', 4],
];
