import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { newcomer, type Added } from './people.ts';
import { addPerson } from './server.ts';
import { words, type Lang } from './words.ts';

export { expect };

/** What went wrong in the pages of a test without a person noticing: errors in the console, refused content, failed scripts. */
export class Complaints {
  private heard: string[] = [];
  private expected: RegExp[] = [];

  listen(context: BrowserContext) {
    context.on('console', (message) => {
      const refusedAddress = message.text().startsWith('Failed to load resource') && message.location().url === message.page()?.url();
      if (refusedAddress) return; // the browser notes any page that says no, such as a form with a fault in it
      if (message.type() === 'error' || /content.security.policy/i.test(message.text())) {
        this.heard.push(`${message.page()?.url()}: ${message.text()}`);
      }
    });
    context.on('weberror', (error) => this.heard.push(`${error.page()?.url()}: ${error.error()}`));
  }

  /** A line that is cut on purpose is written to the console by the browser itself. */
  expect(...patterns: RegExp[]) { this.expected.push(...patterns); }

  get all() { return [...new Set(this.heard)].filter((line) => !this.expected.some((pattern) => pattern.test(line))); }
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Fixtures {
  complaints: Complaints;
  /** Opens a new browser in which somebody is signed in: a person of the demo by one click, somebody added by e-mail and password. */
  as: (who: string | Added, options?: BrowserContextOptions) => Promise<Page>;
  /** Somebody who is in the company for this test alone. */
  somebody: Added;
}

export const test = base.extend<Fixtures, { sessions: Map<string, State> }>({
  baseURL: async ({}, use) => {
    const url = process.env.CONVIVIO_E2E_URL;
    if (!url) throw new Error('the company was not started');
    await use(url);
  },
  complaints: [async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    expect(complaints.all, 'no errors and nothing refused in any page').toEqual([]);
  }, { auto: true }],
  context: async ({ context, complaints }, use) => {
    complaints.listen(context);
    await use(context);
  },
  sessions: [async ({}, use) => { await use(new Map()); }, { scope: 'worker' }],
  as: async ({ browser, complaints, sessions, baseURL, contextOptions, viewport, locale, timezoneId, javaScriptEnabled, isMobile, hasTouch, colorScheme }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (who, options = {}) => {
      const at = options.baseURL ?? baseURL;
      const name = `${at} ${typeof who === 'string' ? who : who.email}`;
      const context = await browser.newContext({
        ...contextOptions, viewport, locale, timezoneId, javaScriptEnabled, isMobile, hasTouch, colorScheme, ...options,
        baseURL: at, storageState: sessions.get(name),
      });
      opened.push(context);
      complaints.listen(context);
      const page = await context.newPage();
      if (sessions.has(name)) {
        await page.goto('/');
      } else {
        await signIn(page, who, langOf(options.locale ?? locale));
        sessions.set(name, { ...await context.storageState(), origins: [] });
      }
      return page;
    });
    for (const context of opened) await context.close();
  },
  somebody: async ({}, use) => {
    const somebody = newcomer();
    addPerson(process.env.CONVIVIO_E2E_DATA ?? '', somebody);
    await use(somebody);
  },
});

/** The language a browser asks for. */
export function langOf(locale?: string): Lang { return locale?.startsWith('en') ? 'en' : 'it'; }

export async function signIn(page: Page, who: string | Added, lang: Lang = 'it') {
  const say = words(lang);
  await page.goto('/signin');
  if (typeof who === 'string') {
    await page.getByRole('button', { name: new RegExp(`^${who}`) }).click();
  } else {
    await page.getByLabel(say('E-mail')).fill(who.email);
    await page.getByLabel(say('Password'), { exact: true }).fill(who.password);
    await page.getByRole('button', { name: say('Sign in'), exact: true }).click();
  }
  await expect(page).toHaveURL('/');
}

/** A sentence nobody wrote before. */
export function fresh(text: string) { return `${text} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`; }

/** The board the tests write on. */
export const board = 'lavoro-e-spazi';

/** Adds a board through the form, open to all or to its members alone. Returns its address. */
export async function addBoard(page: Page, name: string, open = true, lang: Lang = 'it') {
  const say = words(lang);
  const slug = fresh(name.toLowerCase()).replace(/[^a-z0-9]+/g, '-');
  await page.goto('/boards/new');
  await page.getByLabel(say('Name'), { exact: true }).fill(name);
  await page.getByLabel(say('Address'), { exact: true }).fill(slug);
  await page.getByRole('radio').nth(open ? 0 : -1).check();
  await page.getByRole('button', { name: say('Create the board') }).click();
  await page.waitForURL(`**/boards/${slug}`);
  return slug;
}

/** Posts an idea through the form, and stays on its page. */
export async function postIdea(page: Page, title: string, body = 'Perché così come è non va.', lang: Lang = 'it', where = board) {
  const say = words(lang);
  await page.goto(`/boards/${where}/new`);
  await page.getByLabel(say('Your idea in one sentence')).fill(title);
  await page.getByLabel(say('What is the problem, and what do you propose?')).fill(body);
  await page.getByRole('button', { name: say('Post the idea') }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  expect(new URL(page.url()).pathname).toMatch(/^\/ideas\/\d+$/);
  await page.waitForLoadState(); // the page's script forgets the draft; who leaves before it ran finds it again
}

/** Comments on the idea whose page is open. */
export async function comment(page: Page, text: string, lang: Lang = 'it') {
  const say = words(lang);
  const form = page.locator('#comment');
  await form.getByRole('textbox').fill(text);
  await form.getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('#thread').getByText(text)).toBeVisible();
}

export type { Page };
