/** Where the retailer is: stores in the centres of Spanish cities and two warehouses. Coordinates of the real streets. */
export interface Place {
  code: string;
  name: string;
  kind: 'store' | 'warehouse';
  latitude: number;
  longitude: number;
  timeZone: string;
  street: string;
  city: string;
  region: string;
  postalCode: string;
  services: string[];
  /** How many of the customers live around it. */
  weight: number;
}

type StoreRow = [
  code: string,
  name: string,
  street: string,
  city: string,
  region: string,
  postal: string,
  lat: number,
  lon: number,
  weight: number,
];

const STORES: StoreRow[] = [
  ['MAD1', 'Brezo Gran Vía', 'Calle Gran Vía 32', 'Madrid', 'Madrid', '28013', 40.4203, -3.7033, 16],
  ['MAD2', 'Brezo Serrano', 'Calle de Serrano 47', 'Madrid', 'Madrid', '28001', 40.4271, -3.6874, 12],
  ['BCN1', 'Brezo Passeig de Gràcia', 'Passeig de Gràcia 56', 'Barcelona', 'Cataluña', '08007', 41.3926, 2.1644, 15],
  ['VLC1', 'Brezo Colón', 'Carrer de Colom 27', 'Valencia', 'Comunitat Valenciana', '46004', 39.4689, -0.3717, 10],
  ['SVQ1', 'Brezo Tetuán', 'Calle Tetuán 10', 'Sevilla', 'Andalucía', '41001', 37.3903, -5.9951, 10],
  ['ZAZ1', 'Brezo Independencia', 'Paseo de la Independencia 11', 'Zaragoza', 'Aragón', '50001', 41.6508, -0.8838, 7],
  ['AGP1', 'Brezo Larios', 'Calle Marqués de Larios 5', 'Málaga', 'Andalucía', '29015', 36.7193, -4.4216, 8],
  [
    'BIO1',
    'Brezo Gran Vía Bilbao',
    'Gran Vía de Don Diego López de Haro 25',
    'Bilbao',
    'Euskadi',
    '48009',
    43.2632,
    -2.9319,
    7,
  ],
  ['LCG1', 'Brezo Real', 'Rúa Real 40', 'A Coruña', 'Galicia', '15003', 43.3699, -8.4006, 5],
  ['PMI1', 'Brezo Jaume III', 'Avinguda de Jaume III 14', 'Palma', 'Illes Balears', '07012', 39.5719, 2.6444, 4],
  ['VLL1', 'Brezo Santiago', 'Calle de Santiago 19', 'Valladolid', 'Castilla y León', '47001', 41.6503, -4.7274, 4],
  [
    'LPA1',
    'Brezo Triana',
    'Calle Mayor de Triana 60',
    'Las Palmas de Gran Canaria',
    'Canarias',
    '35002',
    28.1046,
    -15.4163,
    4,
  ],
];

const store = ([code, name, street, city, region, postalCode, latitude, longitude, weight]: StoreRow): Place => ({
  code,
  name,
  kind: 'store',
  latitude,
  longitude,
  timeZone: city.startsWith('Las Palmas') ? 'Atlantic/Canary' : 'Europe/Madrid',
  street,
  city,
  region,
  postalCode,
  services: [
    'pick-up',
    'returns',
    'ship-from-store',
    ...(weight >= 8 ? ['same-day'] : []),
    ...(weight >= 12 ? ['experience-room'] : []),
  ],
  weight,
});

const warehouse = (
  code: string,
  name: string,
  street: string,
  city: string,
  region: string,
  postalCode: string,
  latitude: number,
  longitude: number,
): Place => ({
  code,
  name,
  kind: 'warehouse',
  latitude,
  longitude,
  timeZone: 'Europe/Madrid',
  street,
  city,
  region,
  postalCode,
  services: ['ship-from-store'],
  weight: 0,
});

export const PLACES: readonly Place[] = [
  ...STORES.map(store),
  warehouse(
    'WH-GETAFE',
    'Almacén central Getafe',
    'Avenida Río Guadalquivir 2',
    'Getafe',
    'Madrid',
    '28906',
    40.2938,
    -3.7016,
  ),
  warehouse(
    'WH-PRAT',
    'Almacén El Prat',
    'Carrer de l’Acer 12',
    'El Prat de Llobregat',
    'Cataluña',
    '08820',
    41.3232,
    2.1077,
  ),
];

export const STORE_PLACES: readonly Place[] = PLACES.filter((place) => place.kind === 'store');
