import { DomainError } from '@trenza/values';

/** The same point, if it is one on Earth. */
export function onEarth<Point extends { latitude: number; longitude: number }>(point: Point, path: string[]): Point {
  const { latitude, longitude } = point;
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return point;
  throw new DomainError(
    'INVALID_POINT',
    `(${latitude}, ${longitude}) is no point on Earth: degrees north lie between -90 and 90, degrees east between -180 and 180.`,
    path,
  );
}
