import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, findBrowser } from '../testing/browser.ts';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const BUILD_AND_START_MS = 180_000;
const PAGE_MS = 120_000;
const MOST_TRIES = 20;
const BETWEEN_TRIES_MS = 2_000;
const program = findBrowser();
if (!program)
  console.warn('The page of the playground is not tested: there is no Chromium here (CHROME_PATH names one).');

(program ? describe : describe.skip)('the page of the playground, in a browser', () => {
  const graph = new TestGraph(shop().all);
  let browser: Browser;
  beforeAll(async () => {
    await graph.start();
    browser = await Browser.open(program!);
  }, BUILD_AND_START_MS);
  afterAll(async () => {
    await browser?.close();
    await graph.stop();
  }, BUILD_AND_START_MS);

  const text = (selector: string) =>
    `(document.querySelector('${selector}')?.innerText ?? '').replaceAll('\\u00a0', ' ')`;
  /** The page rearranges itself while it starts; then a person would write it again. */
  const ask = async (name: string, field: string, answer: string): Promise<void> => {
    const understood = `${text('.graphiql-tabs')}.includes('${name}')`;
    for (let tries = 0; (await browser.read(understood)) !== true && tries < MOST_TRIES; tries++) {
      await browser.until(`${text('.graphiql-query-editor .view-lines')}.length > 3`);
      await browser.click('.graphiql-query-editor .view-lines');
      await browser.write(`query ${name} { ${field} }`);
      await sleep(BETWEEN_TRIES_MS);
    }
    await browser.click('.graphiql-execute-button');
    await browser.until(`${text('.result-window')}.includes(${JSON.stringify(answer)})`);
  };

  it(
    'answers what is written into it, anonymously and as the one whose token is entered',
    async () => {
      await browser.go(`${graph.url}/playground`);
      await ask('Programme', 'programme', 'Braid club');
      await browser.click('.trenza-token input');
      await browser.write(await graph.token({ sub: 'ana', role: 'care' }));
      await browser.until(`document.querySelector('.trenza-token span').innerText.startsWith('care until')`);
      await ask('Claims', 'callerClaims', 'care');
    },
    PAGE_MS,
  );

  it(
    'shows its examples, and puts one into the editor at a click',
    async () => {
      await browser.go(`${graph.url}/playground`);
      await browser.click('[aria-label="Show Examples"]');
      await browser.click('.trenza-examples li:nth-child(2) button');
      await browser.until(
        `document.querySelector('.graphiql-query-editor .view-lines').innerText.replaceAll('\\u00a0', ' ').includes('query ')`,
      );
    },
    PAGE_MS,
  );

  it('asks nobody but the gateway for anything, and complains of nothing', () => {
    const elsewhere = browser.requested.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(graph.url));
    expect(elsewhere).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
