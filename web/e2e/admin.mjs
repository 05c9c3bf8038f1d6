// The set-up beyond people and places: rules on the bench, the configuration as a file, brands, the guide.
import { strict as assert } from 'node:assert';
import { axe } from './browser.mjs';
import { call } from './steps.mjs';

const visit = async (page, name) => {
  await page.goto(`${new URL(page.url()).origin}/#/admin/${name}`);
  await page.locator('h1:visible').first().waitFor();
};
const clean = async (page, where, what) =>
  assert.deepEqual(await axe(page, where), [], `axe: ${what}`);

/** A rule written in rows, its fault shown with its place, tried, run over the past, put in force, taken back. */
export async function rules(page) {
  await visit(page, 'rules');
  await page.locator('.admin-head').getByRole('button', { name: 'New rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await dialog.getByLabel('Name of the rule').fill('Solar in Czech');
  await dialog.getByRole('button', { name: 'Add a row' }).click();
  await dialog.getByLabel('Value').last().fill('solár, fotovoltaika');
  await dialog.getByLabel('Customer’s tier').selectOption('vip');
  await dialog.getByRole('tab', { name: 'Expression' }).click();
  const right = await dialog.getByLabel('Condition (CEL)').inputValue();
  await dialog.getByLabel('Condition (CEL)').fill("langage == 'cs'");
  await dialog.locator('.fault-line mark').filter({ hasText: 'langage' }).waitFor();
  await clean(page, 'dialog[open]', 'the dialog of a rule');
  await dialog.getByLabel('Condition (CEL)').fill(right);
  await dialog.locator('.fault-line').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Take over' }).click();
  const mine = page.locator('.rule').filter({ hasText: 'Solar in Czech' });
  await mine.focus();
  while ((await page.locator('.rule').first().textContent())?.includes('Solar') === false)
    await page.keyboard.press('Alt+ArrowUp');
  const bench = page.getByRole('region', { name: 'Test bench' });
  await bench.getByLabel('Subject').fill('Fotovoltaika na střeše');
  await bench
    .getByLabel('Text', { exact: true })
    .fill('Dobrý den, prosím o nabídku na solární panely.');
  await bench.getByRole('button', { name: 'Try', exact: true }).click();
  await bench.locator('.verdict-matched').filter({ hasText: 'Solar in Czech' }).waitFor();
  await bench.locator('tbody tr').first().waitFor();
  await page.getByRole('button', { name: 'Run over 7 days' }).click();
  await page
    .getByRole('region', { name: 'Dry run' })
    .getByText(/of .* Cases would go/)
    .waitFor({ timeout: 30_000 }); // seven days of Cases
  await clean(page, 'main', 'the bench with a verdict');
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByText('The rules are in force').waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Bring back as a draft' }).first().click();
  await page.getByRole('button', { name: 'Put in force' }).click();
  await mine.waitFor({ state: 'detached' });
}

/** The file goes out, comes in changed, is told with its lines, and the change is taken back. */
export async function configuration(page) {
  await visit(page, 'configuration');
  await page.getByRole('tab', { name: 'As a file' }).click();
  const field = page.getByLabel('File (YAML)');
  await field.fill('version: 1\nskills:\n  solar: {kind: magic}\n');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('Line 3', { exact: true }).waitFor();
  await field.fill('version: 1\nskills:\n  solar: {kind: topic, name: {en: Solar}}\n');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('1 thing would change').waitFor();
  await clean(page, 'main', 'the difference of a file');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('tab', { name: 'History' }).click();
  const row = page.locator('.diff').filter({ hasText: 'solar' }).first();
  await row.getByText('from a file').waitFor();
  await row.getByRole('button', { name: 'Take back the change of solar' }).click();
  await page.locator('.diff').filter({ hasText: 'taken back' }).first().waitFor();
}

/** A brand with its preview. */
export async function brand(page) {
  await visit(page, 'brands');
  await page.locator('.admin-head').getByRole('button', { name: 'New brand' }).click();
  const dialog = page.getByRole('dialog', { name: 'New brand' });
  await dialog.getByLabel('Name', { exact: true }).fill('Lumen Solar');
  await dialog.getByLabel('Signature: English').fill('Yours,\n{{agent.name}}');
  await dialog.locator('.brand-preview').getByText('Jana Horáková').waitFor();
  await clean(page, 'dialog[open]', 'the dialog of a brand');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Lumen Solar').first().waitFor();
}

/** A message to oneself, whose stages tick as they happen. */
export async function guide(page) {
  await visit(page, 'guide');
  await page.getByRole('button', { name: /Test message/ }).click();
  await page.getByRole('button', { name: /^Send (it|another)/ }).click();
  await page.locator('.stage-done').nth(3).waitFor({ timeout: 30_000 });
  await clean(page, 'main', 'the guide');
}

/** A role of one's own: made, ticked by keys, saved, taken away again. */
export async function roles(page) {
  await visit(page, 'roles');
  await page.getByRole('button', { name: 'New role' }).click();
  const dialog = page.getByRole('dialog', { name: 'New role' });
  await dialog.getByLabel('Name', { exact: true }).fill('Front desk');
  assert.equal(await dialog.getByLabel('Key').inputValue(), 'front_desk');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const write = page.getByLabel('Front desk: Work on Cases');
  await write.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  assert.equal(await page.getByLabel('Front desk: Receive work').isChecked(), true);
  await page.getByText('1 change not saved').waitFor();
  await clean(page, 'main', 'the matrix of roles');
  await page.locator('.save-bar').getByRole('button', { name: 'Save' }).click();
  await page.locator('.save-bar[data-on]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions for Front desk' }).click();
  await page.getByRole('menuitem', { name: 'Delete role' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete role' }).click();
  await write.waitFor({ state: 'detached' });
}

/** Levels by keys in the matrix of skills: set, walked, saved. */
export async function matrix(page) {
  await visit(page, 'skills');
  const cell = page.locator('.level').last();
  await cell.focus();
  const had = await cell.textContent();
  await page.keyboard.press(had === '2' ? '3' : '2');
  await page.locator('.level[data-changed]').waitFor();
  await page.keyboard.press('Home');
  assert.match((await page.evaluate(() => document.activeElement?.dataset.cell)) ?? '', /:0$/);
  await page.keyboard.press('End');
  const save = page.locator('.save-bar').getByRole('button', { name: 'Save' });
  await save.click();
  await page.locator('.save-bar[data-on]').waitFor({ state: 'detached' });
  await page.locator('.level[data-changed]').waitFor({ state: 'detached' });
  assert.equal(await cell.textContent(), had === '2' ? '3' : '2');
  await cell.focus();
  await page.keyboard.press(/\d/.test(had ?? '') ? (had ?? '0') : '0');
  await save.click();
  await page.locator('.save-bar[data-on]').waitFor({ state: 'detached' });
}

/** Working hours: a week, holidays of a country, a day of its own. */
export async function hours(page) {
  await visit(page, 'hours');
  await page.getByRole('button', { name: 'New hours' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Shop');
  await page.getByLabel('Time zone').fill('Europe/Prague');
  await page.getByRole('button', { name: 'Add hours: Saturday' }).click();
  await page.getByLabel('Saturday, 1: to').fill('08:00');
  await page.getByText('It must end after it begins.').waitFor();
  await page.getByLabel('Saturday, 1: to').fill('12:00');
  await page.getByLabel('Public holidays of').selectOption('CZ');
  await page.getByLabel('Good Friday').uncheck();
  await page.getByLabel('Date').fill('2030-06-14');
  await page.getByRole('button', { name: 'Add the day' }).click();
  await clean(page, 'main', 'the editor of hours');
  await page.locator('.save-bar').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Edit Shop' }).waitFor();
  await page.getByRole('button', { name: 'Remove Shop' }).click();
  await page.getByRole('button', { name: 'Edit Shop' }).waitFor({ state: 'detached' });
}

/** A mailbox step by step: it signs in, the DNS is asked, a mail to itself comes back. */
export async function steps(page) {
  await visit(page, 'channels');
  await page.getByRole('button', { name: 'Actions for Lumen Energy', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Check step by step' }).click();
  const dialog = page.getByRole('dialog');
  const step = (name) => dialog.locator('.step').filter({ hasText: name });
  await dialog.locator('.step-good').filter({ hasText: 'Sign-in' }).waitFor({ timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Send the test' }).click();
  await dialog.locator('.step-good').filter({ hasText: 'came in' }).waitFor({ timeout: 30_000 });
  assert.match((await step('Test message left').getAttribute('class')) ?? '', /step-good/);
  await clean(page, 'dialog[open]', 'the steps of a mailbox');
  await page.keyboard.press('Escape');
}

/** The running system, and who did what: for whoever may look. */
export async function watch(page) {
  await visit(page, 'health');
  await page.locator('.vital').nth(12).waitFor();
  const { person } = await call(page, 'GET', '/v1/sign_ins/current');
  const path = `/v1/people/${person.id}`;
  await call(page, 'PATCH', path, { roles: [...person.roles, 'auditor'] });
  await visit(page, 'audit');
  await page.locator('.audit-table tbody tr').first().waitFor();
  await page.getByLabel('What').selectOption('people');
  await page.locator('.audit-act').filter({ hasText: 'people.change' }).first().waitFor();
  await clean(page, 'main', 'the audit log');
  await call(page, 'PATCH', path, { roles: person.roles });
}
