import { type AppError, fail, type Answer } from '../../../../shared/app-error.ts';
import { parseTenantId } from '../../../../shared/domain/ids.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import type { StoreTest, StoreTestStep } from '../../../../shared/ipc/payloads.ts';
import { ok, type Result } from '../../../../shared/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { machineOfHead, storeLayout } from '../../store/layout.ts';
import { listPages } from '../../store/list-pages.ts';
import { changedSettings } from './change-settings.ts';

export interface TestStoreParts {
  readonly files: Files;
  readonly clock: Clock;
  /** The settings that the tested store is for. */
  readonly settings: Settings;
  readonly openStore: (store: Settings['store'], create: boolean) => Result<ObjectStore, AppError>;
}

type Step = StoreTest['steps'][number];

const STEPS: readonly StoreTestStep[] = ['address', 'credentials', 'reach', 'list', 'write'];

/** Tests a store step by step, without saving anything here or leaving anything there. */
export async function testStore(parts: TestStoreParts, store: Settings['store']): Promise<StoreTest> {
  const steps: Step[] = [];
  const facts = {
    url: store.url,
    account: null as string | null,
    sameDisk: false,
    machines: null as number | null,
  };
  const attempt = async <T>(step: StoreTestStep, run: () => Answer<T>): Promise<T | null> => {
    const begun = parts.clock.monotonic();
    const result = await run();
    steps.push({
      step,
      state: result.ok ? 'ok' : 'failed',
      ms: Math.round(parts.clock.monotonic() - begun),
      error: result.ok ? null : result.error,
    });
    return result.ok ? result.value : null;
  };
  const finish = (): StoreTest => ({
    ok: steps.every(({ state }) => state !== 'failed'),
    ...facts,
    steps: STEPS.map(
      (step) => steps.find((one) => one.step === step) ?? { step, state: 'skipped', ms: 0, error: null },
    ),
  });

  const opened = await attempt('address', async () => address(parts, store));
  if (opened === null) return finish();
  facts.url = opened.url;
  facts.sameDisk = opened.sameDisk;
  try {
    if ((await attempt('credentials', () => credentials(parts.files, store))) === null) return finish();
    const probe = await attempt('reach', () => reach(opened));
    if (probe === null) {
      blameCredentials(steps);
      return finish();
    }
    facts.account = probe.account;
    // A future store's folder has nothing to list yet; connecting creates what it needs.
    if (probe.writable === 'new') return finish();
    facts.machines = await attempt('list', () => countMachines(opened, store.tenant));
    if (facts.machines === null) return finish();
    if (probe.writable !== null) await attempt('write', async () => writable(probe.writable === true));
    return finish();
  } finally {
    await opened.close();
  }
}

/** Default credentials are looked up during the store test: their absence is no fault of the store. */
function blameCredentials(steps: Step[]): void {
  const failed = steps.at(-1);
  if (failed?.step !== 'reach' || failed.error?.code !== 'not-configured') return;
  const at = steps.findIndex(({ step }) => step === 'credentials');
  steps.splice(at, steps.length - at, { ...failed, step: 'credentials' });
}

function address(parts: TestStoreParts, store: Settings['store']): Result<ObjectStore, AppError> {
  const settings = changedSettings(parts.settings, { store }, 'This is no store');
  if (!settings.ok) return settings;
  return parts.openStore(settings.value.store, false);
}

/** `true` once it exists: a value, because null stands for a failed step. */
async function credentials(files: Files, store: Settings['store']): Answer<true> {
  if (store.credentials === '') return ok(true);
  const facts = await files.stat(store.credentials);
  if (!facts.ok) return facts;
  if (facts.value !== null && facts.value.kind !== 'folder') return ok(true);
  return fail(
    'not-found',
    `There is no credential file ${store.credentials}.`,
    'Choose the file that was downloaded for the service account, or leave the field empty for the credentials of this machine.',
    { details: { field: 'store.credentials' } },
  );
}

interface Reached {
  readonly account: string | null;
  readonly writable: boolean | null | 'new';
}

async function reach(store: ObjectStore): Answer<Reached> {
  const probe = await store.probe();
  if (probe.ok) return ok({ account: probe.value.account, writable: probe.value.writable });
  // The folder exists but is no store yet: connecting makes it one.
  if (probe.error.code === 'offline' && probe.error.details?.['missing'] === 'marker')
    return ok({ account: null, writable: 'new' });
  return probe;
}

async function countMachines(store: ObjectStore, tenant: string): Answer<number> {
  const id = parseTenantId(tenant);
  if (!id.ok) return id;
  const layout = storeLayout(id.value);
  let machines = 0;
  for await (const page of listPages(store, layout.heads)) {
    if (!page.ok) return page;
    machines += page.value.filter(({ name }) => machineOfHead(layout, name) !== null).length;
  }
  return ok(machines);
}

function writable(may: boolean): Result<true, AppError> {
  if (may) return ok(true);
  return fail(
    'denied',
    'The store can be read but not written.',
    'Ask its owner for permission to create objects (on Google Cloud Storage: the role Storage Object User).',
  );
}
