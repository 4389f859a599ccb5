import { caretaker, marta, newcomer, paolo } from '../people.ts';
import { addPerson } from '../server.ts';
import { addBoard, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** Somebody who has reported nothing today. */
function watcher() {
  const somebody = newcomer();
  addPerson(process.env.CONVIVIO_E2E_DATA ?? '', somebody);
  return somebody;
}

/** Sends a form as the page would, without looking at the page. */
async function send(page: Page, path: string, form: Record<string, string>) {
  const answer = await page.request.post(path, { form: { key: Math.random().toString(36).slice(2), ...form }, maxRedirects: 0, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status(), path).toBe(303);
  return answer.headers().location;
}

/** Comments on an idea on a board of its own, and has each comment reported. */
async function reported(admin: Page, author: Page, reporters: Page[], n: number) {
  const slug = await addBoard(admin, 'Sedie');
  await postIdea(author, fresh('Le sedie della sala'), undefined, undefined, slug);
  const idea = new URL(author.url()).pathname;
  const texts: string[] = [];
  for (let i = 0; i < n; i++) {
    const text = fresh(`Fuori tema ${i}`);
    const id = /#c(\d+)$/.exec(await send(author, `${idea}/comments`, { parent_id: '', body: text }))?.[1];
    await send(reporters[i % reporters.length], `/comments/${id}/report`, { ground: 'off_topic', other: '', note: '' });
    texts.push(text);
  }
  return { texts, address: `/review?kind=report&board=${slug}` };
}

test('fifty reports are cleared by keyboard, and another moderator sees them go', async ({ as }) => {
  test.slow();
  const [admin, author, one, two, three, moderator, colleague] = await Promise.all([as(caretaker), as(marta), as(watcher()), as(watcher()), as(watcher()), as(paolo), as(paolo)]);
  const { texts, address } = await reported(admin, author, [one, two, three], 50);
  await Promise.all([moderator.goto(address), colleague.goto(address)]);
  const rows = (page: Page) => page.locator('#reviews > .review:not(.decided)');
  await expect(rows(moderator)).toHaveCount(50);
  await moderator.keyboard.press('j');
  for (let left = 50; left > 0; left--) {
    await expect(rows(moderator)).toHaveCount(left);
    await expect(moderator.locator('#reviews .review:not(.decided) :focus')).toHaveCount(1);
    if (left % 2) {
      await moderator.keyboard.press('o'); // keep
      await expect(moderator.locator('[data-act=keep]:focus')).toHaveCount(1);
    } else {
      await moderator.keyboard.press('h'); // hide
      await expect(moderator.locator('.decide .primary:focus')).toHaveCount(1);
    }
    await moderator.keyboard.press('Enter');
  }
  await expect(rows(moderator)).toHaveCount(0);
  await expect(rows(colleague)).toHaveCount(0);
  await expect(moderator.locator('#reviews > .decided')).toHaveCount(50);
  await author.reload();
  await expect(author.locator('#thread').getByText(texts[0])).toHaveCount(0);
  await expect(author.locator('#thread').getByText(texts[1])).toBeVisible();

  await moderator.keyboard.press('z'); // the last one comes back
  await expect(rows(moderator)).toHaveCount(1);
  await expect(rows(colleague)).toHaveCount(1);
});

test('without scripts, several are decided at once, each with its result', async ({ as }) => {
  const [admin, author, reporter, moderator] = await Promise.all([as(caretaker), as(marta), as(watcher()), as(paolo, { javaScriptEnabled: false })]);
  const { texts, address } = await reported(admin, author, [reporter], 3);
  await moderator.goto(address);
  for (const text of texts) await moderator.locator('.review').filter({ hasText: text }).getByRole('checkbox').check();
  const form = moderator.locator('#many');
  await form.getByLabel(say('What is to be done')).selectOption('hide');
  await form.getByRole('button', { name: say('Decide') }).click();
  await expect(form.locator('.fault')).toHaveText(say('Give the reason: the person concerned is told.'));
  await form.getByLabel(say('Reason')).selectOption('off_topic');
  await form.getByRole('button', { name: say('Decide') }).click();
  await expect(moderator.locator('.results > li')).toHaveCount(3);
  await moderator.locator('.results').getByRole('button', { name: say('Undo') }).first().click();
  await expect(moderator.getByText(say('The decision was taken back. It waits for review again.'))).toBeVisible();
});
