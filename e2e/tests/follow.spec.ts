import type { Locator } from '@playwright/test';
import { caretaker, marta, paolo } from '../people.ts';
import { addBoard, board, comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** Presses a button that shows at once what it does, and waits until the server took it. */
async function pressed(page: Page, button: Locator, act: string) {
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith(act)), button.click()]);
}

test('who posts follows; following stops and begins again with one button', async ({ as, somebody }) => {
  const [mine, other] = await Promise.all([as(somebody), as(paolo)]);
  await postIdea(mine, fresh('Etichette più grandi'));
  const path = new URL(mine.url()).pathname;
  const stop = mine.getByRole('button', { name: say('Following'), exact: true });
  const start = mine.getByRole('button', { name: say('Follow'), exact: true });
  await pressed(mine, stop, '/unfollow');
  await expect(start).toBeVisible();
  await mine.reload();
  await expect(start).toBeVisible();

  await other.goto(path);
  await comment(other, fresh('Da leggere a tre metri'));
  await expect.poll(async () => (await other.request.get('/metrics')).text(), 'notices were sent').toContain('convivio_follower_lag{follower="notices"} 0');
  await mine.reload();
  await expect(mine.locator('#bell')).toHaveAccessibleName(say('Notices')); // who stopped is left in peace

  await pressed(mine, start, '/follow');
  await expect(stop).toBeVisible();
  await comment(other, fresh('E anche al buio'));
  await expect(mine.locator('#bell')).toHaveAccessibleName(say('Notices, new: %s', 1));
});

test('a board that is followed tells of new ideas, at home too', async ({ as, somebody }) => {
  const [mine, other, keeper] = await Promise.all([as(somebody), as(marta), as(caretaker)]);
  const own = await addBoard(keeper, 'Officina'); // where nobody else posts meanwhile
  await mine.goto(`/boards/${own}`);
  await pressed(mine, mine.getByRole('button', { name: say('Follow'), exact: true }), '/follow');
  await expect(mine.getByRole('button', { name: say('Following'), exact: true })).toBeVisible();
  const title = fresh('Un orologio in reparto');
  await postIdea(other, title, undefined, 'it', own);
  await expect(mine.locator('#bell')).toHaveAccessibleName(say('Notices, new: %s', 1));
  await mine.goto('/');
  await expect(mine.getByRole('heading', { name: say('New on the boards you follow') })).toBeVisible();
  await expect(mine.getByRole('link', { name: title })).toBeVisible();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('following is a form', async ({ as, somebody }) => {
    const page = await as(somebody);
    await page.goto(`/boards/${board}`);
    await page.getByRole('button', { name: say('Follow'), exact: true }).click();
    await expect(page).toHaveURL(`/boards/${board}`);
    await page.getByRole('button', { name: say('Following'), exact: true }).click();
    await expect(page.getByRole('button', { name: say('Follow'), exact: true })).toBeVisible();
  });
});
