import { caretaker } from '../people.ts';
import { board, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('a list is shown first, with what is wrong by line, and then imported', async ({ as }) => {
  const admin = await as(caretaker);
  const name = fresh('Olmo').replace(/\s/g, ' ');
  const mail = `${name.replace(' ', '.').toLowerCase()}@example.com`;
  await admin.goto('/admin/people/import');
  await admin.locator('#file').setInputFiles({
    name: 'elenco.csv', mimeType: 'text/csv',
    buffer: Buffer.from(`E-mail;Nome;Reparto\r\n${mail};${name};Magazzino\r\nsenza chiocciola;Ugo;\r\n${mail};Un altro;\r\n`),
  });
  await admin.getByRole('button', { name: say('Show what would change') }).click();
  const faults = admin.locator('#faults > li');
  await expect(faults).toHaveCount(2);
  await expect(faults.first()).toContainText(say('Line %s', 3));
  await expect(faults.last()).toContainText(say('This address stands on line %d already. Leave one of the two out.', 2));
  await admin.getByRole('button', { name: say('Import the list') }).click();
  await expect(admin.getByRole('heading', { name: say('The list was imported') })).toBeVisible();
  await admin.goto(`/admin/people?q=${encodeURIComponent(mail)}`);
  await expect(admin.locator('#people > li')).toHaveCount(1);
  await expect(admin.locator('#people > li')).toContainText('Magazzino');
});

test('who is shut out is shown nothing more, not even on the page that is open', async ({ as, somebody }) => {
  const [admin, page] = await Promise.all([as(caretaker), as(somebody)]);
  await postIdea(page, fresh('Una rastrelliera per le bici'));
  await admin.goto(`/admin/people?q=${encodeURIComponent(somebody.email)}`);
  await admin.locator('#people > li').getByRole('link', { name: say('Change %s', somebody.name) }).click();
  await admin.getByRole('button', { name: say('Stop them from signing in') }).click();
  await expect(page).toHaveURL(/\/signin/, { timeout: 1000 });
});

test('the counters of the state move while one looks', async ({ as, somebody }) => {
  const [admin, page] = await Promise.all([as(caretaker), as(somebody)]);
  await admin.goto('/admin/state');
  const events = admin.locator('#state dl > div').filter({ hasText: say('Events in the log') }).locator('dd');
  const before = await events.textContent();
  await postIdea(page, fresh('Un contatore che si muove'));
  await expect(events).not.toHaveText(before ?? '', { timeout: 15_000 });
});

test('a pinned idea rises to the top of the board that others have open', async ({ as, somebody }) => {
  const [admin, reader] = await Promise.all([as(caretaker), as(somebody)]);
  const title = fresh('Un avviso per tutti');
  await postIdea(admin, title);
  await reader.goto(`/boards/${board}?sort=votes`);
  await admin.getByLabel(say('What you can do with this idea')).click();
  await admin.getByRole('button', { name: say('Pin it to the top of the board') }).click();
  await expect(admin.locator('#ideas > li').first()).toContainText(title);
  await reader.reload();
  await expect(reader.locator('#ideas > li').first()).toContainText(say('Pinned'));
  await admin.locator('#ideas > li').first().getByRole('link', { name: title }).click();
  await admin.getByLabel(say('What you can do with this idea')).click();
  await admin.getByRole('button', { name: say('Take it down from the top') }).click();
  await expect(reader.locator('#ideas > li').filter({ hasText: title }).getByText(say('Pinned'))).toHaveCount(0);
});
