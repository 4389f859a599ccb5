import { fits } from '../look.ts';
import { marta } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('the whole way on a phone, without sideways scrolling', async ({ as }) => {
  const page = await as(marta);
  await fits(page);
  const title = fresh('Un’unica chat per il reparto, con un nome lunghissimosenzaspazichenonsipuòandareacapo');
  await postIdea(page, title, 'Una tabella:\n\n| uno | due | tre | quattro | cinque | sei | sette |\n|---|---|---|---|---|---|---|\n| parola | parola | parola | parola | parola | parola | parola |\n\n`una_riga_di_codice_molto_lunga_che_non_va_a_capo_da_nessuna_parte_proprio_mai`');
  await fits(page);
  await comment(page, 'Prima risposta.');

  // Each reply stands under the one before it.
  for (let depth = 1; depth <= 8; depth++) {
    await page.locator('#thread li').last().getByRole('link', { name: say('Reply') }).first().click();
    const form = page.locator('form.reply-here');
    await form.getByRole('textbox').fill(`Risposta più profonda, la numero ${depth}, con abbastanza parole da andare a capo.`);
    await form.getByRole('button', { name: say('Reply'), exact: true }).click();
    await expect(page.locator('#thread').getByText(`la numero ${depth},`)).toBeVisible();
  }
  await fits(page);
  const deepest = await page.locator('#thread').getByText('la numero 8,').boundingBox();
  expect(deepest?.width, 'a deep reply stays readable').toBeGreaterThan(240);

  await page.getByRole('button', { name: say('Vote for this idea') }).click();
  await expect(page.getByRole('button', { name: say('Vote for this idea') })).toHaveAttribute('aria-pressed', 'true');
  await page.goto(`/boards/${board}?sort=new`);
  await expect(page.getByRole('link', { name: title })).toBeVisible();
  await fits(page);
  await page.getByRole('link', { name: say('Search') }).click();
  await page.getByLabel(say('Words to find')).fill('chat reparto');
  await page.getByRole('main').getByRole('button', { name: say('Search') }).click();
  await expect(page.locator('#results')).toBeVisible();
  await fits(page);
  await page.getByLabel(say('Your menu')).click();
  await fits(page);
  await page.getByRole('link', { name: say('My account') }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('My account') })).toBeVisible();
});

test('what a thumb presses is large enough', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Bottoni grandi'));
  await comment(page, 'Con i guanti.');
  const small = await page.evaluate(() => [...document.querySelectorAll('button, summary, a.btn, a.round, input:not([type=hidden]), select')]
    .filter((element) => element.checkVisibility())
    .map((element) => ({ html: element.outerHTML.slice(0, 100), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
    .map(({ html, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`));
  expect(small).toEqual([]);
});
