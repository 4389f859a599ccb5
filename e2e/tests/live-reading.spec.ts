import { phone } from '../browser.ts';
import { marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test } from '../test.ts';
import { longThread, pathOf, say as comment, topOf } from '../threads.ts';
import { words } from '../words.ts';

const say = words('it');

for (const [where, options] of [['', {}], [' on a phone', { viewport: phone, hasTouch: true, isMobile: true }]] as const) {
test(`what one reads stays where it is${where} while others write above, beside and below`, async ({ as }) => {
  const [writer, reader] = await Promise.all([as(marta), as(paolo, options)]);
  await postIdea(writer, fresh('Turni del sabato'));
  const idea = pathOf(writer);
  const ids = await longThread(writer, idea, 3, 30);
  await reader.goto(`${idea}?sort=oldest`);
  const here = ids[12];
  for (let n = 0; n < 2; n++) await comment(writer, idea, fresh('Già detto'), here);
  await reader.reload();
  await reader.locator(`#c${here}`).evaluate((el) => el.scrollIntoView({ block: 'center' }));
  const before = await topOf(reader, `#c${here}`);

  await comment(writer, idea, fresh('Sopra'), ids[1]);
  await comment(writer, idea, fresh('Qui, una'), here);
  const second = fresh('Qui, due');
  await comment(writer, idea, second, here);
  const last = await comment(writer, idea, fresh('In fondo'));
  await expect(reader.locator(`#c${last}`), 'below it stands at once').toBeAttached();
  await expect(reader.locator(`#c${ids[1]} .arrived`)).toHaveText(say('1 new reply'));
  const waiting = reader.locator(`#c${here} .arrived`);
  await expect(waiting).toHaveText(say('%s new replies').replace('%s', '2'));
  await expect(reader.locator('#unread')).toContainText('6');
  expect(await topOf(reader, `#c${here}`)).toBe(before);
  await expect(reader.locator('#told')).toHaveText(say('%s new comments').replace('%s', '4'));

  await waiting.click();
  await expect(reader.getByText(second)).toBeVisible();
  await expect(reader.locator(`#c${here} .comment.unread`)).toHaveCount(4);
  await expect(waiting).toHaveCount(0);
});
}

test('an edit above does not move what one reads', async ({ as }) => {
  const [writer, reader] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(writer, fresh('Pausa caffè'));
  const idea = pathOf(writer);
  const ids = await longThread(writer, idea, 0, 30);
  await reader.goto(`${idea}?sort=oldest`);
  await reader.locator(`#c${ids[14]}`).evaluate((el) => el.scrollIntoView({ block: 'start' }));
  const before = await topOf(reader, `#c${ids[14]}`);
  await writer.goto(`/comments/${ids[2]}`);
  await writer.locator('.edit > summary').click();
  await writer.locator('.edit').getByRole('textbox').fill('Molto\n\npiù\n\nlungo\n\ndi prima');
  await writer.getByRole('button', { name: say('Save') }).click();
  await expect(reader.locator(`#c${ids[2]}`)).toContainText('di prima');
  expect(Math.abs(await topOf(reader, `#c${ids[14]}`) - before)).toBeLessThanOrEqual(1);
});

test('that somebody writes is told as a number, and ends by itself', async ({ as }) => {
  const [writer, reader] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(writer, fresh('Un forno nuovo'));
  await reader.goto(pathOf(writer));
  await writer.locator('#comment').getByRole('textbox').pressSequentially('Mi pare');
  await expect(reader.locator('#reading')).toContainText(say('somebody is writing'));
  await expect(reader.locator('#reading')).not.toContainText(marta);
  await expect(writer.locator('#reading')).not.toContainText(say('somebody is writing'));
  await expect(reader.locator('#reading')).not.toContainText(say('somebody is writing'), { timeout: 15_000 });
});

test('replies that wait stay in reach when their comment is edited meanwhile', async ({ as }) => {
  const [writer, reader] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(writer, fresh('Cassetta dei consigli'));
  const idea = pathOf(writer);
  const ids = await longThread(writer, idea, 0, 20);
  await reader.goto(`${idea}?sort=oldest`);
  await reader.locator(`#c${ids[5]}`).evaluate((el) => el.scrollIntoView({ block: 'center' }));
  const reply = fresh('Risposta che aspetta');
  await comment(writer, idea, reply, ids[5]);
  const waiting = reader.locator(`#c${ids[5]} .arrived`);
  await expect(waiting).toHaveText(say('1 new reply'));

  await writer.goto(`/comments/${ids[5]}`);
  await writer.locator('.edit > summary').click();
  const edited = fresh('Detto meglio');
  await writer.locator('.edit').getByRole('textbox').fill(edited);
  await writer.getByRole('button', { name: say('Save') }).click();
  await expect(reader.locator(`#c${ids[5]}`)).toContainText(edited);
  await waiting.click();
  await expect(reader.getByText(reply)).toBeVisible();
});

test('what stands further on is said with a way there, and what came in live comes once', async ({ as }) => {
  test.slow();
  const [writer, reader] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(writer, fresh('Un calendario delle ferie'));
  const idea = pathOf(writer);
  await longThread(writer, idea, 0, 120);
  await reader.goto(`${idea}?sort=oldest`);
  const more = reader.locator('a[data-more="thread"]');
  await expect(more).toBeVisible();

  const last = await reader.locator('#thread > .comment').last().getAttribute('id');
  const reply = await comment(writer, idea, fresh('Alla fine del pezzo'), last?.slice(1));
  await expect(reader.locator(`#c${reply}`)).toBeAttached();
  const further = fresh('In fondo a tutto');
  const id = await comment(writer, idea, further);
  const note = reader.locator('#arrivals .note');
  await expect(note).toContainText(say('A new comment stands further on in the thread.'));

  await more.click();
  await expect(reader.getByText(further)).toBeAttached();
  await expect(reader.locator(`#c${reply}`)).toHaveCount(1);
  await note.getByRole('button', { name: say('Have a look') }).click();
  await expect(reader).toHaveURL(new RegExp(`#c${id}$`));
  await expect(reader.getByText(further)).toBeInViewport();
});
