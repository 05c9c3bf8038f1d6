// The set-up beyond people and places: rules on the bench, the configuration as a file, brands, the guide.
import { strict as assert } from 'node:assert';
import { axe } from './browser.mjs';

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
    .waitFor();
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
  await page.getByRole('button', { name: 'Take it in' }).click();
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
  await page.locator('.stage-done').nth(3).waitFor({ timeout: 20_000 });
  await clean(page, 'main', 'the guide');
}
