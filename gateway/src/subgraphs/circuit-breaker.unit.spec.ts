import { CircuitBreaker, FAILURES_IN_A_ROW, FIRST_REST_MS, LONGEST_REST_MS } from './circuit-breaker.ts';

let alive: boolean;
let probes: number;
let said: string[];
let breaker: CircuitBreaker;

beforeEach(() => {
  jest.useFakeTimers();
  alive = false;
  probes = 0;
  said = [];
  breaker = new CircuitBreaker({
    probe: () => {
      probes++;
      return Promise.resolve(alive);
    },
    opened: () => said.push('opened'),
    closed: () => said.push('closed'),
  });
});
afterEach(() => {
  breaker.stop();
  jest.useRealTimers();
});

const open = (): void => {
  for (let i = 0; i < FAILURES_IN_A_ROW; i++) breaker.failed(breaker.admit()!);
};
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

it('lets no call through while nobody answers, and asks by itself, ever less often', async () => {
  open();
  expect(said).toEqual(['opened']);
  await pass(60_000);
  expect(breaker.admit()).toBeNull();
  // 0.5, 1, 2, 4 and then every 8 seconds.
  expect(probes).toBe(4 + Math.floor((60_000 - 7_500) / LONGEST_REST_MS));
});

it('lets one call through after a sign of life, and all when that one is answered', async () => {
  open();
  alive = true;
  expect(breaker.admit()).toBeNull();
  await pass(FIRST_REST_MS);
  expect(breaker.admit()).toBe('trial');
  expect(breaker.admit()).toBeNull();
  breaker.succeeded('trial');
  expect(breaker.admit()).toBe('call');
  expect(said).toEqual(['opened', 'closed']);
});

it('rests longer when the call on trial fails', async () => {
  open();
  alive = true;
  await pass(FIRST_REST_MS);
  breaker.failed(breaker.admit()!);
  await pass(FIRST_REST_MS);
  expect(breaker.admit()).toBeNull();
  await pass(FIRST_REST_MS);
  expect(breaker.admit()).toBe('trial');
});

it('gives the trial to another call when the first was given up for its own reasons', async () => {
  open();
  alive = true;
  await pass(FIRST_REST_MS);
  breaker.abandoned(breaker.admit()!);
  expect(breaker.admit()).toBe('trial');
});

it('learns nothing from calls that began before it opened', async () => {
  const [early, late] = [breaker.admit()!, breaker.admit()!];
  open();
  alive = true;
  await pass(FIRST_REST_MS);
  expect(breaker.admit()).toBe('trial');
  breaker.failed(early);
  breaker.succeeded(late);
  expect(breaker.open).toBe(true);
  breaker.succeeded('trial');
  expect(breaker.open).toBe(false);
});

it('opens when half of enough calls fail, in whatever order', () => {
  for (let i = 0; i < 10; i++) {
    breaker.succeeded('call');
    breaker.failed('call');
  }
  expect(breaker.open).toBe(true);
});

it('asks no more once it is stopped', async () => {
  open();
  breaker.stop();
  await pass(60_000);
  expect(probes).toBe(0);
});
