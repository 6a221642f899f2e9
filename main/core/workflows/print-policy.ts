import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { storePolicy, type StorePolicy } from '../sealing/store-policy.ts';
import { listMachines } from './list-machines.ts';
import type { SealingBase } from './sealing-base.ts';

/**
 * The least rights for every machine of the index, as text to run. Asks nobody and changes nothing.
 * @param url `gs://BUCKET` or `gs://BUCKET/PREFIX`
 */
export async function printPolicy(base: SealingBase, url: string): Promise<Result<StorePolicy, AppError>> {
  const [, bucket, prefix = ''] =
    /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/([\w./-]*))?$/.exec(url) ?? [];
  if (bucket === undefined)
    return err(
      appError(
        'invalid-input',
        `${quote(url)} is no bucket: rights can be given there alone.`,
        'Name one: `session-log store policy --bucket gs://BUCKET`.',
      ),
    );
  const machines = await listMachines(base);
  if (!machines.ok) return machines;
  return ok(
    storePolicy({
      bucket,
      prefix: prefix.replaceAll(/^\/+|\/+$/g, ''),
      tenant: base.sync.layout.tenant,
      machines: machines.value.map(({ machine, host }) => ({ uuid: machine, host })),
    }),
  );
}
