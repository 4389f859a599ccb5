import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const bell = (page: Page) => page.locator('#bell');
const panel = (page: Page) => page.getByRole('dialog', { name: say('Notices') });

/** Waits until the bell counts so many. */
async function counts(page: Page, n: number) {
  await expect(bell(page)).toHaveAccessibleName(n ? say('Notices, new: %s', n) : say('Notices'));
}

test('the bell counts live, opens in place, and leads to the comment', async ({ as, somebody }) => {
  const [mine, other] = await Promise.all([as(somebody), as(paolo)]);
  const title = fresh('Una seconda pesa in accettazione');
  await postIdea(mine, title);
  await counts(mine, 0);
  await other.goto(new URL(mine.url()).pathname);
  const remark = fresh('Ne abbiamo una ferma in cantina');
  await comment(other, remark);
  await counts(mine, 1);
  await expect(mine).toHaveTitle(/^\(1\) /);

  await bell(mine).click();
  await expect(panel(mine)).toBeVisible();
  await expect(bell(mine)).toHaveAttribute('aria-expanded', 'true');
  await expect(panel(mine)).toContainText(say('%s commented on your idea', paolo));
  await expect(panel(mine)).toContainText(remark);
  await mine.keyboard.press('Escape');
  await expect(panel(mine)).toBeHidden();
  await expect(bell(mine)).toBeFocused();

  await mine.keyboard.press('Enter');
  await panel(mine).getByRole('link', { name: say('%s commented on your idea', paolo) }).click();
  await expect(mine.locator('#thread').getByText(remark)).toBeVisible();
  await counts(mine, 0);
  await expect(mine).toHaveTitle(new RegExp(`^${title}`));
});

test('being called by name is told, and all can be marked as seen in place', async ({ as, somebody }) => {
  const [mine, other] = await Promise.all([as(somebody), as(marta)]);
  const handle = somebody.name.toLowerCase().replace(' ', '.');
  await mine.goto('/account'); // the bell counts on every page
  await postIdea(other, fresh('Chi ha il carrello'), `Lo chiedo a @${handle}.`);
  await counts(mine, 1);
  await bell(mine).click();
  await expect(panel(mine)).toContainText(say('%s mentioned you', marta));
  await panel(mine).getByRole('button', { name: say('Mark all as seen') }).click();
  await counts(mine, 0);
  await expect(panel(mine).getByRole('button', { name: say('Mark all as seen') })).toHaveCount(0);
  await panel(mine).getByRole('link', { name: say('All notices') }).click();
  await expect(mine.getByRole('heading', { level: 1, name: say('Notices') })).toBeVisible();
  await expect(mine.getByRole('main')).toContainText(say('%s mentioned you', marta));
});

test('two windows of one person agree', async ({ as, somebody }) => {
  const [one, two, other] = await Promise.all([as(somebody), as(somebody), as(paolo)]);
  await postIdea(one, fresh('Guanti più sottili'));
  await two.goto(`/boards/${board}`);
  await other.goto(new URL(one.url()).pathname);
  await comment(other, fresh('Quelli da chirurgo reggono'));
  await counts(one, 1);
  await counts(two, 1);
  await one.reload();
  await counts(one, 0);
  await counts(two, 0);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the bell is a link, and a form marks all as seen', async ({ as, somebody }) => {
    const [mine, other] = await Promise.all([as(somebody), as(paolo)]);
    await postIdea(mine, fresh('Una panca allo spogliatoio'));
    await other.goto(new URL(mine.url()).pathname);
    await comment(other, fresh('Due, una per lato'));
    await expect(async () => {
      await mine.goto('/');
      await counts(mine, 1);
    }).toPass();
    await expect(mine.getByRole('main')).toContainText(say('What is new for you'));
    await bell(mine).click();
    await mine.getByRole('button', { name: say('Mark all as seen') }).click();
    await counts(mine, 0);
  });
});

test('somebody new is offered three ways to begin, until one is taken', async ({ as, somebody }) => {
  const page = await as(somebody);
  const welcome = page.getByRole('region', { name: say('Good to have you here, %s.', 'Teo') });
  await expect(welcome.getByRole('link')).toHaveCount(3);
  await welcome.getByRole('link').first().click();
  await page.getByRole('button', { name: say('Vote for this idea') }).click();
  await expect(page.getByRole('button', { name: say('Vote for this idea') })).toHaveAttribute('aria-pressed', 'true');
  await expect(async () => {
    await page.goto('/');
    await expect(welcome).toHaveCount(0, { timeout: 500 });
  }).toPass();
});

test('without a connection marking all as seen says so, and the page stays', async ({ as, somebody, complaints }) => {
  complaints.expect(/WebSocket|ERR_INTERNET_DISCONNECTED/);
  const [mine, other] = await Promise.all([as(somebody, { serviceWorkers: 'block' }), as(paolo)]);
  await postIdea(mine, fresh('Un appendiabiti in sala prove'));
  const idea = mine.url();
  await other.goto(new URL(idea).pathname);
  await comment(other, fresh('Quello di prima è sparito'));
  await counts(mine, 1);
  await bell(mine).click();
  await expect(panel(mine)).toBeVisible();
  await mine.context().setOffline(true);
  await panel(mine).getByRole('button', { name: say('Mark all as seen') }).click();
  await expect(panel(mine).getByRole('alert')).toBeVisible();
  expect(mine.url()).toBe(idea);
  await counts(mine, 1);
  await mine.context().setOffline(false);
});
