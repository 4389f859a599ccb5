import { davide, marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** Sends a form of the page's own kind, and returns where it led. */
async function send(page: Page, path: string, form: Record<string, string>) {
  const answer = await page.request.post(path, { form, headers: { Origin: new URL(page.url()).origin }, maxRedirects: 0 });
  expect(answer.status(), path).toBe(303);
  return answer.headers().location ?? '';
}

test('what a moderator hid comes back when somebody else finds its author right', async ({ as }) => {
  const [author, moderator, other] = await Promise.all([as(marta), as(paolo), as(davide)]);
  const title = fresh('Il carico delle sei');
  await postIdea(author, title, 'Parole che torneranno.');
  const idea = new URL(author.url()).pathname;
  await author.goto('/');
  const item = await send(moderator, `${idea}/review`, {});
  await send(moderator, item, { do: 'hide', ground: 'off_topic', note: 'Qui si parla d’altro.' });
  expect((await author.request.get(idea, { maxRedirects: 0 })).status()).toBe(303); // to what was decided, and why

  // The bell says so on the open page; the notice leads to what was decided.
  await expect(author.locator('#bell')).toHaveClass(/some/);
  await author.goto('/notices');
  await author.getByRole('link', { name: say('A moderator hid something you wrote') }).first().click();
  await expect(author.getByText('Parole che torneranno.')).toBeVisible();
  await expect(author.getByText('Qui si parla d’altro.')).toBeVisible();
  await expect(author.getByRole('main')).not.toContainText('Paolo');
  await author.getByLabel(say('Your appeal')).fill('Del carico si parla qui.');
  await author.getByRole('button', { name: say('Send the appeal') }).click();
  await expect(author.getByText('Del carico si parla qui.')).toBeVisible();

  // Who decided reads it and may not decide again; somebody else does.
  for (const [page, may] of [[moderator, false], [other, true]] as const) {
    await page.goto('/review?kind=appeal');
    await page.locator('.review').filter({ hasText: 'Del carico si parla qui.' }).locator('a[href^="/review/appeals/"]').first().click();
    await expect(page.getByText('Del carico si parla qui.')).toBeVisible();
    await expect(page.getByRole('button', { name: say('Take the decision back') })).toHaveCount(may ? 1 : 0);
  }
  await other.getByLabel(say('Why'), { exact: true }).fill('Ha ragione Marta.');
  await other.getByRole('button', { name: say('Take the decision back') }).click();
  await author.reload();
  await expect(author.getByText('Ha ragione Marta.')).toBeVisible();
  await author.goto(idea);
  await expect(author.getByRole('heading', { name: title })).toBeVisible();
  await expect(author.getByText('Parole che torneranno.')).toBeVisible();
});
