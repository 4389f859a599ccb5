import { caretaker, marta, newcomer, paolo } from '../people.ts';
import { addPerson } from '../server.ts';
import { addBoard, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** Sends a form as the page would, and returns where it led. */
async function send(page: Page, path: string, form: Record<string, string>) {
  const answer = await page.request.post(path, { form: { key: Math.random().toString(36).slice(2), ...form }, maxRedirects: 0, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status(), path).toBe(303);
  return answer.headers().location;
}

test('who moderates one board sees nothing of what waits and was decided on others', async ({ as, complaints }) => {
  complaints.expect(/status of 40[34]/);
  const who = newcomer();
  addPerson(process.env.CONVIVIO_E2E_DATA ?? '', who);
  const [admin, author, keeper, moderator] = await Promise.all([as(caretaker), as(marta), as(who), as(paolo)]);
  const boards = { here: await addBoard(admin, 'Officina di qui'), there: await addBoard(admin, 'Officina di là') };
  const titles = { here: fresh('La morsa nuova'), there: fresh('Il tornio vecchio') };
  const ideas: Record<string, string> = {};
  for (const place of ['here', 'there'] as const) {
    await postIdea(author, titles[place], undefined, undefined, boards[place]);
    ideas[place] = new URL(author.url()).pathname;
    await send(admin, `${ideas[place]}/report`, { ground: 'off_topic', other: '', note: `NOTA ${place}` });
    const locked = await send(moderator, `${ideas[place]}/review`, {});
    expect(locked).toMatch(/^\/review\/\d+$/);
  }
  const item = async (slug: string) => {
    await moderator.goto(`/review?board=${slug}`);
    return (await moderator.locator('#reviews > .review').first().getAttribute('id'))!.slice(1);
  };
  const items = { here: await item(boards.here), there: await item(boards.there) };
  await send(moderator, `/review/${items.there}`, { do: 'warn', ground: 'off_topic', note: 'DETTO là' }); // a decision that the keeper may not read
  await send(admin, `${ideas.there}/review`, {});
  const waits = await item(boards.there);

  await keeper.goto('/');
  expect((await keeper.request.get('/review')).status()).toBe(403);
  await send(admin, `/admin/boards/${boards.here}/roles`, { role: 'moderator', person: who.name.toLowerCase().replace(' ', '.') });

  await test.step('the pages', async () => {
    await keeper.goto('/review');
    await expect(keeper.locator('#reviews > .review')).toHaveCount(1);
    await expect(keeper.locator(`#r${items.here}`)).toContainText(titles.here);
    await expect(keeper.locator('#review-count').first()).toHaveText('1');
    await keeper.goto('/review/decisions');
    await expect(keeper.getByRole('main')).toContainText(say('Nothing was decided yet.'));
    for (const path of [`/review?board=${boards.there}`, `/review/${items.there}`, `/review/${waits}`, `/review/decisions?board=${boards.there}`]) {
      const answer = await keeper.request.get(path);
      expect(answer.status(), path).toBe(404);
      expect(await answer.text()).not.toContain(titles.there);
    }
    for (const path of ['/audit', '/admin', '/admin/people', '/admin/boards']) expect((await keeper.request.get(path)).status(), path).toBe(403);
  });

  await test.step('the ways of a program', async () => {
    for (const path of ['/api/v1/review', '/api/v1/decisions', '/review', '/review/decisions', '/notices', '/']) {
      const text = await (await keeper.request.get(path, { headers: { accept: path.startsWith('/api') ? 'application/json' : 'text/html' } })).text();
      expect(text, path).not.toContain('NOTA there');
      expect(text, path).not.toContain('DETTO là');
    }
    const answer = await keeper.request.get(`/api/v1/review/${waits}`);
    expect(answer.status()).toBe(404);
  });

  await test.step('deciding', async () => {
    const origin = new URL(keeper.url()).origin;
    for (const [path, form] of [[`/review/${waits}`, { do: 'keep' }], [`/review/${waits}/claim`, {}], [`${ideas.there}/review`, {}], [`${ideas.there}/delete`, { ground: 'off_topic' }]] as const) {
      const answer = await keeper.request.post(path, { form: { key: fresh('k'), ...form }, maxRedirects: 0, headers: { origin } });
      expect([403, 404], path).toContain(answer.status());
    }
    await keeper.goto('/review');
    await keeper.locator(`#r${items.here}`).getByRole('button', { name: say('action|Keep') }).click();
    await expect(keeper.locator('#reviews > .decided')).toHaveCount(1);
    await expect(keeper.locator('#review-count').first()).toBeHidden();
  });
});
