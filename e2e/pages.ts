import type { Page } from '@playwright/test';
import { board } from './test.ts';

/** A page of the product: what it shows, and how to get there. */
export interface Place {
  name: string;
  group?: string; // looked at in one test
  path: string | ((page: Page) => Promise<string>);
  status?: number;
}

/** The address that a link of a page leads to. */
const linked = (from: string, link: string) => async (page: Page) => {
  await page.goto(from);
  const href = await page.locator(link).first().getAttribute('href');
  if (!href) throw new Error(`no ${link} on ${from}`);
  return href;
};

/** Finds an address once: it stays what it is. */
function once(find: (page: Page) => Promise<string>) {
  let found = '';
  return async (page: Page) => (found ||= await find(page));
}

/** The page of the board's most voted idea: it has a long thread, and answers. */
const bigIdea = once(linked(`/boards/${board}?sort=votes`, '#ideas h3 a'));
const under = (of: (page: Page) => Promise<string>, more: string) => async (page: Page) => (await of(page)) + more;
const inside = (of: (page: Page) => Promise<string>, link: string) => once(async (page: Page) => linked(await of(page), link)(page));
const bigComment = inside(bigIdea, '#thread a.dots');

/** An idea that the reader may change. */
async function ownIdea(page: Page) {
  await page.goto('/mine');
  const link = page.getByRole('main').locator('h3 a').first();
  if (await link.count() === 0) {
    await page.goto(`/boards/${board}/new`);
    await page.locator('#title').fill('Un’idea da cambiare');
    await page.locator('#body').fill('Così com’è non va.');
    await page.locator('form.write .primary').click();
    await page.waitForURL(/\/ideas\/\d+$/);
    await page.goto('/mine');
  }
  return (await link.getAttribute('href')) ?? '';
}

/** An idea of the reader's own with a history. */
async function rewordedIdea(page: Page) {
  const idea = await ownIdea(page);
  await page.evaluate(async (path) => {
    const text = `La prima riga resta.\n\nUna parola cambiata il ${Date.now()}.`;
    const answer = await fetch(`/api/v1${path}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ body: text }) });
    if (!answer.ok) throw new Error(await answer.text());
  }, idea);
  return idea;
}

/** A release of the latest three months. */
async function madeRelease(page: Page) {
  for (;;) { // until the months are closed: that begins with the server
    await page.goto('/releases');
    const months = await page.locator('#release-to option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    if (months.length >= 12) {
      await page.locator('#release-from').selectOption(months[2] ?? '');
      await page.locator('#release-to').selectOption(months[0] ?? '');
      break;
    }
  }
  await page.locator('form[action="/releases"] .primary').click();
  await page.waitForURL(/\/releases\/\d+$/);
  while (await page.locator('.files').count() === 0) await page.reload();
  return new URL(page.url()).pathname;
}

/** Every page for somebody signed in who may do everything. */
export const places: Place[] = [
  { name: 'home', group: 'boards', path: '/' },
  { name: 'mine', group: 'boards', path: '/mine' },
  { name: 'promises', group: 'boards', path: '/promises' },
  { name: 'promises-kept', group: 'boards', path: '/promises?state=kept' },
  { name: 'parked', group: 'boards', path: '/parked' },
  { name: 'board-stages', group: 'writing', path: `/boards/${board}/stages` },
  { name: 'boards', group: 'boards', path: '/boards' },
  { name: 'board', group: 'boards', path: `/boards/${board}` },
  { name: 'board-unanswered', group: 'boards', path: `/boards/${board}?sort=unanswered` },
  { name: 'board-stage', group: 'boards', path: `/boards/${board}?stage=done` },
  { name: 'board-new', group: 'writing', path: '/boards/new' },
  { name: 'board-edit', group: 'writing', path: `/boards/${board}/edit` },
  { name: 'members', group: 'people', path: `/boards/${board}/members?q=riva` },
  { name: 'choose-board', group: 'writing', path: '/ideas/new' },
  { name: 'new-idea', group: 'writing', path: `/boards/${board}/new` },
  { name: 'idea', group: 'idea', path: bigIdea },
  { name: 'idea-open', group: 'idea', path: linked(`/boards/${board}`, '#ideas h3 a') },
  { name: 'idea-newest', group: 'idea', path: under(bigIdea, '?sort=newest') },
  { name: 'idea-edit', group: 'writing', path: under(ownIdea, '/edit') },
  { name: 'idea-versions', group: 'thread', path: under(bigIdea, '/versions') },
  { name: 'idea-reworded', group: 'thread', path: under(rewordedIdea, '/versions') },
  { name: 'outline', group: 'thread', path: under(bigIdea, '/outline') },
  { name: 'similar', group: 'thread', path: under(bigIdea, '/similar') },
  { name: 'permalink', group: 'thread', path: inside(bigIdea, '#thread a.at') },
  { name: 'comment', group: 'thread', path: inside(bigIdea, '#thread a.dots') },
  { name: 'answer', group: 'thread', path: inside(bigIdea, '#answers a.re.add') },
  { name: 'notices', group: 'boards', path: '/notices' },
  { name: 'person', group: 'people', path: inside(bigIdea, 'article a.author') },
  { name: 'people', group: 'people', path: '/people' },
  { name: 'people-none', group: 'people', path: '/people?q=zzzzzz' },
  { name: 'search', group: 'finding', path: '/search' },
  { name: 'search-found', group: 'finding', path: '/search?q=riunione' },
  { name: 'search-close', group: 'finding', path: '/search?q=turno+notte+carrello+mensa' },
  { name: 'search-narrowed', group: 'finding', path: `/search?q=turno+stage:planned&board=${board}&from=2025-01-01` },
  { name: 'search-saved', group: 'finding', path: '/search/saved' },
  { name: 'search-none', group: 'finding', path: '/search?q=zzzzzz' },
  { name: 'search-within', group: 'finding', path: linked('/search?q=turno', 'main a[href*="idea="]') },
  { name: 'topics', group: 'finding', path: '/topics' },
  { name: 'topics-week', group: 'finding', path: `/topics?days=7&board=${board}` },
  { name: 'account', group: 'people', path: '/account' },
  { name: 'admin-unfound', group: 'people', path: '/admin/unfound' },
  { name: 'admin', group: 'people', path: '/admin' },
  { name: 'admin-rules', group: 'fair', path: '/admin/rules' },
  { name: 'admin-house-rules', group: 'fair', path: '/admin/house-rules' },
  { name: 'house-rules', group: 'fair', path: '/house-rules' },
  { name: 'ledger', group: 'fair', path: '/ledger' },
  { name: 'decisions', group: 'fair', path: '/decisions' },
  { name: 'held', group: 'fair', path: '/held' },
  { name: 'privacy', group: 'fair', path: '/privacy' },
  { name: 'privacy-collected', group: 'fair', path: '/privacy/collected' },
  { name: 'privacy-dpia', group: 'fair', path: '/privacy/dpia' },
  { name: 'privacy-agreement', group: 'fair', path: '/privacy/agreement' },
  { name: 'reports', group: 'fair', path: '/reports' },
  { name: 'report', group: 'fair', path: under(bigComment, '/report') },
  { name: 'review', group: 'office', path: '/review' },
  { name: 'review-late', group: 'office', path: '/review?kind=late' },
  { name: 'review-item', group: 'office', path: linked('/review', '.review h3 a') },
  { name: 'review-decisions', group: 'office', path: '/review/decisions' },
  { name: 'merge', group: 'office', path: under(bigIdea, '/merge') },
  { name: 'move', group: 'office', path: under(bigIdea, '/move') },
  { name: 'split', group: 'office', path: under(bigComment, '/split') },
  { name: 'admin-boards', group: 'office', path: '/admin/boards' },
  { name: 'admin-announcements', group: 'office', path: '/admin/announcements' },
  { name: 'admin-features', group: 'office', path: '/admin/features' },
  { name: 'admin-state', group: 'office', path: '/admin/state' },
  { name: 'admin-person', group: 'office', path: '/admin/people/1' },
  { name: 'admin-people', group: 'people', path: '/admin/people' },
  { name: 'admin-teams', group: 'people', path: '/admin/teams' },
  { name: 'admin-import', group: 'people', path: '/admin/people/import' },
  { name: 'figures', group: 'figures', path: '/figures' },
  { name: 'figures-listen', group: 'figures', path: '/figures/listen?by=site&span=24' },
  { name: 'figures-respond', group: 'figures', path: '/figures/respond' },
  { name: 'releases', group: 'figures', path: '/releases' },
  { name: 'release', group: 'figures', path: once(madeRelease) },
  { name: 'releases-with-me', group: 'figures', path: '/figures/releases' },
  { name: 'design', group: 'design', path: '/design' },
  { name: 'not-found', group: 'finding', path: '/ideas/999999999', status: 404 },
];

/** Pages for anybody. */
export const outside: Place[] = [
  { name: 'signin', path: '/signin' },
  { name: 'invitation-gone', path: '/invitations/none' },
  { name: 'offline', path: '/offline' },
];

/** The address of a place; finding it may take a visit to other pages. */
export function address(page: Page, { path }: Place) {
  return typeof path === 'string' ? Promise.resolve(path) : path(page);
}

/** Opens a place; returns the status of the answer. */
export async function open(page: Page, place: Place) {
  return (await page.goto(await address(page, place)))?.status();
}
