import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { machineOfHead, type StoreLayout } from '../store/layout.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { listPages } from '../store/list-pages.ts';
import type { PartitionRecord } from './identity-card.ts';

const AT_ONCE = 8;
/** Limit in bytes for `machine-id.json`: it has a few thousand. */
export const RECORD_LIMIT = 1024 * 1024;

/** Reads the `machine-id.json` of every machine publishing into the tenant, to decide on adoption. */
export async function partitionRecords(
  store: ObjectStore,
  layout: StoreLayout,
  signal?: AbortSignal,
): Answer<readonly PartitionRecord[]> {
  const machines: MachineUuid[] = [];
  for await (const page of listPages(store, layout.heads, { signal })) {
    if (!page.ok) return page;
    machines.push(...page.value.flatMap(({ name }) => machineOfHead(layout, name) ?? []));
  }
  const records: PartitionRecord[] = [];
  await runLimited(machines, AT_ONCE, signal, async (machine) => {
    const record = await partitionRecord(store, layout, machine, signal);
    if (record.ok && record.value !== null) records.push({ machine, record: record.value });
  });
  return ok(records.sort((a, b) => (a.machine < b.machine ? -1 : 1)));
}

/** One partition's record, parsed, not validated; null when there is none, undefined when it is not JSON. */
export async function partitionRecord(
  store: ObjectStore,
  layout: StoreLayout,
  machine: MachineUuid,
  signal?: AbortSignal,
): Answer<unknown> {
  const found = await store.get(layout.machineId(machine), { limit: RECORD_LIMIT, signal });
  if (!found.ok) return found;
  if (found.value === null) return ok(null);
  try {
    return ok((JSON.parse(new TextDecoder().decode(found.value.bytes)) as unknown) ?? undefined);
  } catch {
    return ok(undefined);
  }
}
