import { marta, paolo } from '../people.ts';
import { board, expect, fresh, postIdea, test } from '../test.ts';
import { counted, longThread, pathOf, say as comment } from '../threads.ts';
import { words } from '../words.ts';

const say = words('it');

test('what is new is marked in the list and in the thread, and one key leads through it', async ({ as, somebody }) => {
  const author = await as(marta);
  const title = fresh('Sedie al banco');
  await postIdea(author, title);
  const idea = pathOf(author);
  const ids = await longThread(author, idea);
  const reader = await as(somebody);
  await reader.goto(idea);
  await expect(reader.locator('.comment.unread')).toHaveCount(0);
  await reader.goto('/');

  const inside = await comment(author, idea, fresh('Dentro il ramo'), ids[0]);
  const below = await comment(author, idea, fresh('In fondo'));
  await reader.goto(`/boards/${board}?sort=new`);
  const row = reader.getByRole('listitem').filter({ has: reader.getByRole('link', { name: title }) });
  await row.getByRole('link', { name: counted('%d new', 2) }).click();
  await expect(reader.locator(`#c${inside}`)).toBeInViewport();
  await expect(reader.locator('.comment.unread')).toHaveCount(2);
  await expect(reader.locator(`#c${ids[0]} > .branch`)).toHaveAttribute('open', '');

  await reader.reload();
  await expect(reader.locator('.comment.unread'), 'a reload loses nothing').toHaveCount(2);
  await reader.locator('h1').click();
  for (const id of [inside, below, inside]) {
    await reader.keyboard.press('u');
    await expect(reader.locator(`#c${id} > .said`)).toBeFocused();
    await expect(reader.locator(`#c${id} > .said`)).toBeInViewport();
  }
  await reader.goto(`/boards/${board}?sort=new`);
  await expect(row).toBeVisible();
  await expect(row.locator('.news')).toHaveCount(0);
  await expect(author.locator('.comment.unread')).toHaveCount(0);
});

test('without a script the link in the headline leads to the first that is new', async ({ as, somebody }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Ganci per i caschi'));
  const idea = pathOf(author);
  const ids = await longThread(author, idea);
  const reader = await as(somebody, { javaScriptEnabled: false });
  await reader.goto(idea);
  const id = await comment(author, idea, fresh('Novità'), ids[0]);
  await reader.goto(idea);
  await expect(reader.locator(`#c${id}`)).toContainText(say('comment|New:'));
  await reader.getByRole('link', { name: counted('%d new', 1), exact: true }).click();
  await expect(reader.locator(`#c${id}`)).toBeInViewport();
});

test('what came in while one looked is not new the next time', async ({ as, somebody }) => {
  const author = await as(paolo);
  await postIdea(author, fresh('Luci in corridoio'));
  const idea = pathOf(author);
  const reader = await as(somebody);
  await reader.goto(idea);
  await reader.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated'); // what a page says on leaving passes through it
  const text = fresh('Arrivato adesso');
  await comment(author, idea, text);
  await expect(reader.locator('#thread').getByText(text)).toBeVisible();
  const told = reader.waitForRequest((request) => request.url().endsWith(`${idea}/read`));
  await reader.goto(`/boards/${board}?sort=new`);
  await told;
  const row = reader.locator('.row').filter({ has: reader.locator(`a[href="${idea}"]`) });
  await expect(async () => { // the beacon has no answer to wait for
    await reader.reload();
    await expect(row).toBeVisible();
    await expect(row.locator('.news')).toHaveCount(0, { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
});
