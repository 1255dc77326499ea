import { Directive, Field, Float, InputType, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A place on Earth, WGS 84.' })
@Directive('@shareable')
export class GeoPoint {
  @Field(() => Float, { description: 'Degrees north, −90 to 90.' })
  latitude: number;

  @Field(() => Float, { description: 'Degrees east, −180 to 180.' })
  longitude: number;
}

@InputType({ description: 'A place on Earth, WGS 84.' })
export class GeoPointInput {
  @Field(() => Float, { description: 'Degrees north, −90 to 90.' })
  latitude: number;

  @Field(() => Float, { description: 'Degrees east, −180 to 180.' })
  longitude: number;
}

const EARTH_RADIUS_KM = 6_371.0088;

/** Great-circle distance in kilometres (haversine). */
export function distanceKm(a: GeoPoint, b: GeoPoint): number {
  const rad = Math.PI / 180;
  const dLat = (b.latitude - a.latitude) * rad;
  const dLon = (b.longitude - a.longitude) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}
