import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, quote, type MachineUuid } from '../../../shared/domain/ids.ts';
import { mapOk, ok, type Result } from '../../../shared/result.ts';
import { storePolicy, type StorePolicy } from '../sealing/store-policy.ts';
import { listMachines } from './list-machines.ts';
import type { SealingBase } from './sealing-base.ts';

/**
 * Prints the least permissions for machines, as text to run. Changes nothing.
 * @param url `gs://BUCKET` or `gs://BUCKET/PREFIX`
 * @param newcomers UUIDs of machines that are in no index yet, since they have no rights; without them, every machine of the index
 */
export async function printPolicy(
  base: SealingBase,
  url: string,
  newcomers: readonly string[] = [],
): Answer<StorePolicy> {
  const [, bucket, prefix = ''] =
    /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/([\w./-]*))?$/.exec(url) ?? [];
  if (bucket === undefined)
    return fail(
      'invalid-input',
      `${quote(url)} is not a bucket: rights can be given there alone.`,
      'Name one: `session-log store policy --bucket gs://BUCKET`.',
    );
  const machines = newcomers.length > 0 ? named(newcomers) : await known(base);
  if (!machines.ok) return machines;
  return ok(
    storePolicy({
      bucket,
      prefix: prefix.replaceAll(/^\/+|\/+$/g, ''),
      tenant: base.sync.layout.tenant,
      machines: machines.value,
    }),
  );
}

type Machines = Result<readonly { readonly uuid: MachineUuid; readonly host: string }[], AppError>;

async function known(base: SealingBase): Promise<Machines> {
  const machines = await listMachines(base);
  return mapOk(machines, (all) => all.map(({ machine, host }) => ({ uuid: machine, host })));
}

function named(uuids: readonly string[]): Machines {
  const machines: { uuid: MachineUuid; host: string }[] = [];
  for (const text of uuids) {
    const uuid = parseMachineUuid(text);
    if (!uuid.ok) return uuid;
    machines.push({ uuid: uuid.value, host: uuid.value });
  }
  return ok(machines);
}
