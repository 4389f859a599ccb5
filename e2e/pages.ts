import type { Page } from '@playwright/test';
import { board } from './test.ts';

/** A page of the product: what it shows, and how to get there. */
export interface Place {
  name: string;
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

/** The page of the board's most voted idea: it has a long thread, and answers. */
const bigIdea = linked(`/boards/${board}?sort=votes`, '#ideas h3 a');
const under = (of: (page: Page) => Promise<string>, more: string) => async (page: Page) => (await of(page)) + more;
const inside = (of: (page: Page) => Promise<string>, link: string) => async (page: Page) => linked(await of(page), link)(page);

/** Every page for somebody signed in who may do everything. */
export const places: Place[] = [
  { name: 'home', path: '/' },
  { name: 'mine', path: '/mine' },
  { name: 'boards', path: '/boards' },
  { name: 'board', path: `/boards/${board}` },
  { name: 'board-unanswered', path: `/boards/${board}?sort=unanswered` },
  { name: 'board-stage', path: `/boards/${board}?stage=done` },
  { name: 'board-new', path: '/boards/new' },
  { name: 'board-edit', path: `/boards/${board}/edit` },
  { name: 'members', path: `/boards/${board}/members?q=riva` },
  { name: 'choose-board', path: '/ideas/new' },
  { name: 'new-idea', path: `/boards/${board}/new` },
  { name: 'idea', path: bigIdea },
  { name: 'idea-newest', path: under(bigIdea, '?sort=newest') },
  { name: 'idea-edit', path: under(bigIdea, '/edit') },
  { name: 'idea-versions', path: under(bigIdea, '/versions') },
  { name: 'comment', path: inside(bigIdea, '#thread a.dots') },
  { name: 'person', path: inside(bigIdea, 'article a.author') },
  { name: 'people', path: '/people' },
  { name: 'people-none', path: '/people?q=zzzzzz' },
  { name: 'search', path: '/search' },
  { name: 'search-found', path: '/search?q=riunione' },
  { name: 'search-none', path: '/search?q=zzzzzz' },
  { name: 'account', path: '/account' },
  { name: 'admin-people', path: '/admin/people' },
  { name: 'not-found', path: '/ideas/999999999', status: 404 },
];

/** Pages for anybody. */
export const outside: Place[] = [
  { name: 'signin', path: '/signin' },
  { name: 'invitation-gone', path: '/invitations/none', status: 404 },
];

/** Opens a place; returns the status of the answer. */
export async function open(page: Page, place: Place) {
  const path = typeof place.path === 'string' ? place.path : await place.path(page);
  return (await page.goto(path))?.status();
}
