import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { proposeTenant } from '../../../shared/domain/propose-tenant.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { userHome } from '../../compose/user-home.ts';
import type { Asker } from '../ask.ts';
import { saveSettings } from '../save-settings.ts';
import { done, failed, settingsNow, stopped, type SetupRun, type StepDone } from './setup-run.ts';

const ONLY_HERE = '-';

/** Chooses where logs are stored: a bucket, a shared folder, or only this machine. */
export async function storeStep(run: SetupRun): Answer<StepDone> {
  const settings = settingsNow(run);
  if (!settings.ok) return failed('store', settings.error);
  const { asker, options } = run;
  if (options.invitation !== undefined) return change(run, settings.value, options.invitation);
  if (options.store !== undefined || asker === null) {
    if (options.store === undefined && options.tenant === undefined)
      return done('store', 'unchanged', [storeText(settings.value.store)]);
    const wanted = options.store ?? settings.value.store.url;
    const url = urlOf(wanted, run.context.cwd);
    const tenant = tenantOf(options.tenant, settings.value.store.tenant);
    if (!tenant.ok) return failed('store', tenant.error);
    return change(run, settings.value, { url, tenant: tenant.value });
  }
  for (;;) {
    const answered = await askStore(run, asker, settings.value.store);
    if (!answered.ok) return answered;
    const changed = await change(run, settings.value, answered.value);
    if (!changed.ok || changed.value.action !== 'failed') return changed;
    // The person is there: report at once, and ask again.
    asker.say(changed.value.says.join('\n'));
  }
}

async function askStore(
  { context, options }: SetupRun,
  asker: Asker,
  present: Settings['store'],
): Answer<{ readonly url: string; readonly tenant: string }> {
  asker.say(
    `Where are logs kept? gs://BUCKET (Google Cloud), a folder that the team shares, or ${ONLY_HERE} for this machine only.`,
  );
  const place = await asker.line('Store', present.url === '' ? ONLY_HERE : present.url);
  if (place === null) return stopped();
  const url = urlOf(place, context.cwd);
  if (url === '') return ok({ url, tenant: present.tenant });
  const folder = folderOf(url);
  if (folder !== null && !existsSync(folder)) {
    const wanted = await asker.confirm(`There is no folder ${folder}. Create it?`, false);
    if (wanted === null) return stopped();
    if (wanted) await mkdir(folder, { recursive: true });
  }
  if (options.tenant !== undefined) {
    const given = tenantOf(options.tenant, present.tenant);
    return given.ok ? ok({ url, tenant: given.value }) : given;
  }
  for (;;) {
    const team = await asker.line('Team name (a folder in the store)', present.tenant);
    if (team === null) return stopped();
    const tenant = tenantOf(team, present.tenant);
    if (tenant.ok) return ok({ url, tenant: tenant.value });
    asker.say(tenant.error.message);
  }
}

async function change(
  run: SetupRun,
  settings: Settings,
  to: Pick<Settings['store'], 'url' | 'tenant'> & { readonly endpoint?: string },
): Answer<StepDone> {
  const { url, tenant, endpoint } = settings.store;
  const folder = folderOf(to.url);
  if (folder !== null && !existsSync(folder)) return failed('store', noFolder(folder));
  const isSame = url === to.url && tenant === to.tenant && endpoint === (to.endpoint ?? endpoint);
  const saved = await saveSettings(
    run.store,
    { ...settings, store: { ...settings.store, ...to } },
    settings,
    'if-there',
  );
  if (!saved.ok) return failed('store', saved.error);
  if (isSame) return done('store', 'unchanged', [storeText(saved.value.store)]);
  const back = `session-log setup --no-push --store ${url === '' ? ONLY_HERE : url} --tenant ${tenant}`;
  return done('store', 'changed', [storeText(saved.value.store)], back);
}

function tenantOf(given: string | undefined, present: string): Result<string, AppError> {
  if (given === undefined) return ok(present);
  const tenant = proposeTenant(given);
  if (tenant !== '') return ok(tenant);
  return fail(
    'invalid-input',
    'A team name needs a letter or digit.',
    'Use lower-case letters, digits and dashes, e.g. --tenant acme-team.',
    { details: { field: 'store.tenant' } },
  );
}

/** A store as people write it: an address, a folder (including `~/…`), or a dash for none. */
function urlOf(text: string, cwd: string): string {
  if (text === ONLY_HERE || text === '') return '';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return text;
  const folder =
    text === '~' || /^~[\\/]/.test(text) ? join(userHome() ?? cwd, text.slice(1)) : resolve(cwd, text);
  return pathToFileURL(folder).href;
}

function folderOf(url: string): string | null {
  try {
    return url.startsWith('file:///') ? fileURLToPath(url) : null;
  } catch {
    // An invalid folder address is rejected, with the reason, on save.
    return null;
  }
}

/** Below an unmounted share a new folder would be on this disk: it is created only when a person says so. */
function noFolder(folder: string): AppError {
  return appError(
    'not-found',
    `There is no folder ${folder}.`,
    'Mount the share, or make the folder, and repeat.',
    { details: { field: 'store.url' } },
  );
}

function storeText({ url, tenant }: Settings['store']): string {
  if (url === '') return 'Logs stay on this machine only: no backup, and no other machine sees them.';
  const team = tenant === DEFAULT_SETTINGS.store.tenant ? '' : `, team ${tenant}`;
  return `Logs are kept in ${url}${team}.`;
}
