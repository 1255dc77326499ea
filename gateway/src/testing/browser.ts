import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Where distributions put it; a test that finds none says that it is skipped. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const UP_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

export const findBrowser = (): string | undefined =>
  [process.env.CHROME_PATH, ...PLACES].find((path) => path !== undefined && existsSync(path));

interface Message {
  id?: number;
  method?: string;
  params?: {
    request?: { url: string };
    exceptionDetails?: unknown;
    entry?: { level: string; text: string; url?: string };
    type?: string;
    args?: unknown;
  };
  result?: { result?: { value?: unknown } };
  error?: { message: string };
}

/** One page in a headless Chromium, driven by its own protocol. */
export class Browser {
  /** Every address that the page asked for. */
  readonly requested: string[] = [];
  /** What went wrong on the page: exceptions, errors in the console, violations of the content security policy. */
  readonly complaints: string[] = [];
  #process!: ChildProcess;
  #socket!: WebSocket;
  #folder = '';
  #next = 0;
  readonly #waiting = new Map<number, (message: Message) => void>();

  static async open(program: string): Promise<Browser> {
    const browser = new Browser();
    await browser.#start(program);
    return browser;
  }

  async go(url: string): Promise<void> {
    await this.#send('Page.navigate', { url });
  }

  /** Waits until an expression on the page is true. */
  async until(expression: string): Promise<void> {
    await within(`"${expression}" to hold`, async () => (await this.read(expression)) === true);
  }

  async read(expression: string): Promise<unknown> {
    const answer = await this.#send('Runtime.evaluate', { expression, returnByValue: true });
    return answer.result?.value;
  }

  /** Clicks in the middle of an element, as a mouse does. */
  async click(selector: string): Promise<void> {
    await this.until(`document.querySelector(${JSON.stringify(selector)}) !== null`);
    const box = `document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()`;
    const [x, y] = (await this.read(
      `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(${box})`,
    )) as number[];
    const mouse = { x, y, button: 'left', clickCount: 1 };
    await this.#send('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse });
    await this.#send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
  }

  /** Puts a text in place of all that stands where the cursor is. */
  async write(text: string): Promise<void> {
    const all = { key: 'a', code: 'KeyA', windowsVirtualKeyCode: 65, modifiers: 2, commands: ['selectAll'] };
    await this.#send('Input.dispatchKeyEvent', { type: 'keyDown', ...all });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', ...all });
    await this.#send('Input.insertText', { text });
  }

  async close(): Promise<void> {
    this.#socket?.close();
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #start(program: string): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'trenza-browser-'));
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
    // Its sandbox needs rights that a container seldom has; the only page it sees is ours.
    const own = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--window-size=1500,900'];
    const args = [...own, ...quiet, '--remote-debugging-port=0', `--user-data-dir=${this.#folder}`, 'about:blank'];
    this.#process = spawn(program, args, { stdio: 'ignore' });
    const portFile = join(this.#folder, 'DevToolsActivePort');
    await within(
      'the browser to start',
      async () => existsSync(portFile) && (await readFile(portFile, 'utf8')).includes('\n'),
    );
    const [port] = (await readFile(portFile, 'utf8')).split('\n');
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    this.#socket = new WebSocket(pages.find(({ type }) => type === 'page')!.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => this.#socket.once('open', resolve).once('error', reject));
    this.#socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Message));
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await this.#send(`${domain}.enable`);
  }

  #hear({ id, method, params = {}, ...message }: Message): void {
    const { request, exceptionDetails, entry, type, args } = params;
    if (id !== undefined) this.#waiting.get(id)?.(message);
    else if (method === 'Network.requestWillBeSent') this.requested.push(request?.url ?? '');
    else if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(exceptionDetails));
    else if (entry?.level === 'error') this.complaints.push(`${entry.text} ${entry.url ?? ''}`);
    else if (method === 'Runtime.consoleAPICalled' && type === 'error') this.complaints.push(JSON.stringify(args));
  }

  async #send(method: string, params: Record<string, unknown> = {}): Promise<NonNullable<Message['result']>> {
    const id = ++this.#next;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answer;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }
}

async function within(what: string, holds: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + UP_WITHIN_MS;
  while (Date.now() < until) {
    if (await holds()) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`Waited ${UP_WITHIN_MS / 1_000} s for ${what}.`);
}
