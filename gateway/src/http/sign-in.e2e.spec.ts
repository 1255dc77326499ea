import { generateKeyPair, createKeys, LOCAL_SIGNER, signLocalToken } from '@trenza/auth';
import { SignJWT } from 'jose';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const { all, people } = shop();
const graph = new TestGraph(all);

beforeAll(() => graph.start());
afterAll(() => graph.stop());
beforeEach(() => graph.heal());

const CLAIMS = '{ callerClaims }';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const claimsSeen = async (headers: Record<string, string>) => {
  const { body } = await graph.ask(CLAIMS, undefined, headers);
  return JSON.parse(String(body.data?.callerClaims)) as Record<string, unknown>;
};

it('tells subgraphs who asks in a token of its own that lives at most a minute', async () => {
  const token = await graph.token({ sub: 'ana', role: 'associate', stores: ['s1'] });
  const claims = await claimsSeen(bearer(token));
  expect(claims).toMatchObject({
    sub: 'ana',
    role: 'associate',
    stores: ['s1'],
    iss: 'gateway',
    aud: 'trenza-subgraph',
  });
  expect(Number(claims.exp) - Date.now() / 1_000).toBeLessThanOrEqual(60);
});

it('never passes on the token of the client', async () => {
  const token = await graph.token({ sub: 'ana', role: 'care' });
  await graph.ask(CLAIMS, undefined, bearer(token));
  expect(people.received[0]!.headers.authorization).not.toContain(token);
});

it('serves a caller without a token as anonymous', async () => {
  expect(await claimsSeen({})).toMatchObject({ role: 'anonymous' });
});

describe('refuses with 401 and UNAUTHENTICATED', () => {
  const refused = async (authorization: string) => {
    const { status, body } = await graph.ask(CLAIMS, undefined, { authorization });
    expect(status).toBe(401);
    expect(body.errors![0]!.extensions).toEqual({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
    expect(people.received).toHaveLength(0);
  };
  const sign = (
    change: (jwt: SignJWT) => SignJWT,
    alg = 'EdDSA',
    key: Parameters<SignJWT['sign']>[0] = graph.keys.signIn.privateKey,
  ) =>
    change(
      new SignJWT({ role: 'admin' })
        .setProtectedHeader({ alg })
        .setSubject('x')
        .setIssuer('trenza-local')
        .setAudience('trenza')
        .setExpirationTime('1h'),
    ).sign(key);

  it('a header that is no bearer token', () => refused('Basic YTpi'));
  it('a token that is no JWT', () => refused('Bearer abc'));
  it('an expired token', async () =>
    refused(`Bearer ${await sign((jwt) => jwt.setExpirationTime(Math.floor(Date.now() / 1_000) - 60))}`));
  it('another issuer', async () => refused(`Bearer ${await sign((jwt) => jwt.setIssuer('elsewhere'))}`));
  it('another audience', async () => refused(`Bearer ${await sign((jwt) => jwt.setAudience('trenza-subgraph'))}`));
  it('a role that does not exist', async () => refused(`Bearer ${await graph.token({ sub: 'x', role: 'root' })}`));
  it('a customer token without a customer', async () =>
    refused(`Bearer ${await graph.token({ sub: 'x', role: 'customer' })}`));
  it('a token signed by a stranger', async () => {
    const pair = generateKeyPair();
    const stranger = createKeys(LOCAL_SIGNER, pair.privateKey, {});
    await refused(`Bearer ${await signLocalToken(stranger, { sub: 'x', role: 'admin' })}`);
  });
  it('a token whose algorithm was swapped for a shared secret', async () => {
    const publicKey = graph.keys.signIn.publicKeyOf(LOCAL_SIGNER).export({ format: 'der', type: 'spki' });
    await refused(`Bearer ${await sign((jwt) => jwt, 'HS256', publicKey)}`);
  });
  it('the token that the gateway itself signs for subgraphs', async () => {
    await graph.ask(CLAIMS);
    const internal = people.received[0]!.headers.authorization!;
    people.heal();
    await refused(internal);
  });
});
