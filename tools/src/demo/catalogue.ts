import type { Random } from './random.ts';

export interface Product {
  sku: string;
  model: string;
  name: string;
  description: string;
  brand: string;
  category: string;
  /** Cents of a euro, VAT included, as a Spanish shop shows it. */
  amount: number;
  attributes: Record<string, string>;
  /** How often it is looked at, against the others. */
  popularity: number;
}

interface Family {
  category: string;
  code: string;
  models: [name: string, euros: number][];
  variants: { attribute: string; values: string[] };
}

const COLOURS = ['azul', 'negro', 'crudo', 'verde', 'granate', 'arena'];

const FAMILIES: Family[] = [
  {
    category: 'mujer',
    code: 'MU',
    models: [
      ['Vestido lino Alba', 59.95],
      ['Blusa Nieves', 35.95],
      ['Falda midi Olmo', 39.95],
      ['Americana Prado', 89.95],
      ['Pantalón fluido Duna', 45.95],
      ['Jersey lana Serra', 55.95],
      ['Gabardina Lluvia', 119],
      ['Camisa popelín Cala', 32.95],
      ['Vaquero recto Ribera', 49.95],
    ],
    variants: { attribute: 'color', values: COLOURS },
  },
  {
    category: 'hombre',
    code: 'HO',
    models: [
      ['Camisa Oxford Duero', 39.95],
      ['Chino Sobral', 45.95],
      ['Americana Tormes', 99],
      ['Polo Levante', 29.95],
      ['Jersey cuello vuelto Cierzo', 49.95],
      ['Parka Pirineo', 139],
      ['Vaquero Ebro', 49.95],
      ['Camiseta algodón Básica', 14.95],
    ],
    variants: { attribute: 'color', values: COLOURS },
  },
  {
    category: 'niños',
    code: 'NI',
    models: [
      ['Pijama Luna', 19.95],
      ['Abrigo Pingüino', 49.95],
      ['Sudadera Zorro', 24.95],
      ['Peto vaquero Trigo', 29.95],
      ['Botas de agua Charco', 22.95],
      ['Mochila Panda', 27.95],
    ],
    variants: { attribute: 'talla', values: ['3-4', '5-6', '7-8', '9-10'] },
  },
  {
    category: 'calzado',
    code: 'CA',
    models: [
      ['Zapatilla Camino', 69.95],
      ['Botín Encina', 95],
      ['Mocasín Jerez', 79.95],
      ['Alpargata Menorca', 34.95],
      ['Sandalia Cabo', 45.95],
      ['Bota Montseny', 129],
    ],
    variants: { attribute: 'talla', values: ['37', '39', '41', '43'] },
  },
  {
    category: 'hogar',
    code: 'HG',
    models: [
      ['Manta lana Brezo', 49.95],
      ['Juego de sábanas Calma', 59.95],
      ['Lámpara Faro', 75],
      ['Vajilla Talavera 18 piezas', 89.95],
      ['Toalla rizo Mar', 16.95],
      ['Vela Azahar', 14.95],
      ['Cojín Telar', 19.95],
      ['Jarrón Barro', 29.95],
      ['Cafetera Moka', 24.95],
    ],
    variants: { attribute: 'color', values: ['natural', 'azul', 'terracota', 'verde'] },
  },
  {
    category: 'deporte',
    code: 'DE',
    models: [
      ['Mallas Sierra', 34.95],
      ['Zapatilla trail Picos', 99.95],
      ['Cortavientos Tramuntana', 64.95],
      ['Esterilla yoga Raíz', 29.95],
      ['Mochila Travesía 24 L', 59.95],
      ['Botella térmica 750 ml', 21.95],
    ],
    variants: { attribute: 'color', values: ['negro', 'azul', 'coral', 'verde'] },
  },
  {
    category: 'belleza',
    code: 'BE',
    models: [
      ['Agua de colonia Jara', 29.95],
      ['Crema facial Oliva', 24.95],
      ['Champú sólido Romero', 9.95],
      ['Aceite corporal Almendra', 17.95],
      ['Bálsamo labial Miel', 5.95],
    ],
    variants: { attribute: 'tamaño', values: ['50 ml', '100 ml', '200 ml'] },
  },
  {
    category: 'accesorios',
    code: 'AC',
    models: [
      ['Bolso piel Ubrique', 149],
      ['Cinturón Curtido', 29.95],
      ['Fular seda Granada', 39.95],
      ['Gorro punto Nevada', 17.95],
      ['Gafas de sol Costa', 59.95],
      ['Cartera Toledo', 35.95],
      ['Reloj Compás', 110],
    ],
    variants: { attribute: 'color', values: ['negro', 'cuero', 'azul', 'granate'] },
  },
];

export const CATEGORIES: readonly string[] = FAMILIES.map((family) => family.category);

const SIZE_FACTOR: Record<string, number> = { '100 ml': 1.6, '200 ml': 2.4 };

/** Every variant of every model, dearest ones looked at less, one hit in each family. */
export function makeCatalogue(random: Random): Product[] {
  return FAMILIES.flatMap((family) =>
    family.models.flatMap(([name, euros], index) => {
      const modelPopularity = (index === 0 ? 3 : 1) * (0.5 + random.next()) * (40 / (euros + 20));
      return family.variants.values.map((value, variant) => ({
        sku: `${family.code}-${String(index + 1).padStart(2, '0')}-${variant + 1}`,
        model: `${family.code}-${String(index + 1).padStart(2, '0')}`,
        name: `${name}, ${value}`,
        description: `${name} de la colección Brezo, sección ${family.category}.`,
        brand: 'Brezo',
        category: family.category,
        amount: Math.round(euros * 100 * (SIZE_FACTOR[value] ?? 1)),
        attributes: { [family.variants.attribute]: value },
        popularity: modelPopularity * (0.6 + random.next()),
      }));
    }),
  );
}
