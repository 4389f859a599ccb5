import { expect, fresh, type Page } from './test.ts';
import { words } from './words.ts';

/** Comments on an idea as whoever is signed in, as a form without a script sends it. Returns the comment's id. */
export async function say(page: Page, idea: string, body: string, parent = '') {
  const answer = await page.request.post(`${idea}/comments`, {
    form: { key: fresh('k').replace(/\W/g, '').padEnd(16, '0'), parent_id: parent, body },
    headers: { Origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
  expect(answer.status(), await answer.text()).toBe(303);
  return /#c(\d+)$/.exec(answer.headers().location)?.[1] ?? '';
}

/** A thread long enough to fold: a branch of replies below the first comment, then single comments. Returns their ids. */
export async function longThread(page: Page, idea: string, replies = 12, singles = 50) {
  const ids = [await say(page, idea, fresh('Radice'))];
  for (let n = 0; n < replies; n++) ids.push(await say(page, idea, fresh('Risposta'), ids[0]));
  for (let n = 0; n < singles; n++) ids.push(await say(page, idea, fresh('Altro')));
  return ids;
}

/** Where the page of an idea is. */
export function pathOf(page: Page) { return new URL(page.url()).pathname; }

/** Where an element stands in the window. */
export async function topOf(page: Page, selector: string) {
  return page.locator(selector).evaluate((el) => Math.round(el.getBoundingClientRect().top));
}

/** A sentence with a number in it, in Italian. */
export function counted(sentence: string, n: number) {
  const [one, many = one] = words('it')(sentence).split('|');
  return (n === 1 ? one : many).replace('%d', String(n));
}
