import { knownAuthor } from '../../../../shared/domain/author.ts';
import type { AppError, Answer } from '../../../../shared/app-error.ts';
import type { IdentityCard as CardPayload } from '../../../../shared/ipc/payloads.ts';
import { ok } from '../../../../shared/result.ts';
import { acceptMachineFacts } from '../../machine/accept-machine-facts.ts';
import { identityCard, type IdentityCard, type PartitionRecord } from '../../machine/identity-card.ts';
import type { IdentityDeps } from '../../machine/identity-deps.ts';
import { apartRequest } from '../../machine/claim.ts';
import { initIdentity, type InitRequest } from '../../machine/init-identity.ts';
import { loadIdentity } from '../../machine/load-identity.ts';
import { partitionRecord, partitionRecords } from '../../machine/partition-records.ts';
import type { Clock } from '../../ports/clock.ts';
import { readIdentity } from '../../author/author-file.ts';
import { findWorkspace } from '../../workspaces/workspace.ts';
import type { AppCore } from '../app-core.ts';
import type { IdentityService } from '../app-service.ts';
import type { ConcernWatch } from '../attention/concern-watch.ts';
import type { PresentCore } from '../present-core.ts';
import type { TakenSettings } from './take-settings.ts';

export interface IdentityServiceParts {
  readonly present: PresentCore;
  /** Works without a core: a damaged identity may be why there is none. */
  readonly identityDeps: IdentityDeps;
  readonly clock: Clock;
  /** Knows of another install using our UUID. */
  readonly concerns: ConcernWatch;
  readonly taken: Pick<TakenSettings, 'reopen'>;
}

/** The store may be slow or away; this machine's card does not wait for it. */
const STORE_PATIENCE_MS = 3_000;

/** This machine's identity, to be viewed and changed. */
export function createIdentityService(parts: IdentityServiceParts): IdentityService {
  const { present, identityDeps } = parts;

  async function card(): Answer<CardPayload> {
    const core = present.now.ok ? present.now.value : null;
    const partitions = core === null ? [] : await partitionsInTime(core, parts.clock);
    const found = await identityCard(identityDeps, partitions);
    const person = core === null ? NOBODY : await personOf(core);
    if (!found.ok) return found.error.code === 'not-configured' ? ok({ ...EMPTY, ...person }) : found;
    return ok({ ...(await payloadOf(found.value, core)), clone: parts.concerns.clone, ...person });
  }

  const change = async (write: () => Answer<unknown>): Answer<CardPayload> => {
    const written = await write();
    if (!written.ok) return written;
    await parts.taken.reopen();
    return card();
  };
  const splitRequest = async (as: 'machine' | 'account'): Promise<InitRequest> => {
    if (as === 'machine') return { mode: 'new-identity' };
    const found = await loadIdentity(identityDeps.files, identityDeps.paths.machineId);
    return { mode: apartRequest(found.ok ? found.value : null) };
  };
  const init = (request: InitRequest): Answer<CardPayload> =>
    change(() => initIdentity(identityDeps, request));

  return {
    card,
    create: () => init({ mode: 'ensure' }),
    split: ({ as }) => change(async () => initIdentity(identityDeps, await splitRequest(as))),
    adopt: ({ machine }) =>
      change(() =>
        present.use(async (core) => {
          const claim = await partitionRecord(core.sync.store, core.sync.layout, machine);
          if (!claim.ok) return claim;
          return initIdentity(identityDeps, { mode: 'adopt', adopt: machine, claim: claim.value });
        }),
      ),
    acceptHostname: () => change(() => acceptMachineFacts(identityDeps)),
  };
}

const NOBODY = { person: null, personProblem: null } as const;
const EMPTY: Omit<CardPayload, 'person' | 'personProblem'> = {
  machine: null,
  components: [],
  previous: [],
  hostnameNow: null,
  clone: null,
  adoptable: [],
  problems: [],
};

async function payloadOf(
  { identity, path, match, hostnameNow, adoptable, problems }: IdentityCard,
  core: AppCore | null,
): Promise<Omit<CardPayload, 'person' | 'personProblem' | 'clone'>> {
  const rows = core === null || adoptable.length === 0 ? null : await core.sync.index.machines();
  return {
    machine: {
      uuid: identity.machine_uuid,
      host: identity.hostname,
      platform: identity.platform,
      platformVersion: identity.platform_version,
      model: identity.model,
      created: identity.created,
      path,
    },
    components: match.states,
    previous: identity.previous.map(({ machine_uuid, until, reason }) => ({
      machine: machine_uuid,
      until,
      reason,
    })),
    hostnameNow,
    adoptable: adoptable.map(({ machine, hostname, matching, of }) => {
      const row = rows?.ok ? rows.value.find((one) => one.machine === machine) : undefined;
      return { machine, host: hostname, logs: row?.logs ?? 0, lastSeen: row?.lastSeen ?? null, matching, of };
    }),
    problems,
  };
}

async function partitionsInTime(core: AppCore, clock: Clock): Promise<readonly PartitionRecord[]> {
  const stop = new AbortController();
  const answer = partitionRecords(core.sync.store, core.sync.layout, stop.signal);
  const done = new AbortController();
  const late = clock.sleep(STORE_PATIENCE_MS, done.signal).then((full) => {
    if (full) stop.abort();
    return null;
  });
  const records = await Promise.race([answer, late]);
  done.abort();
  return records?.ok ? records.value : [];
}

/** The person: the data folder's author, else the one in the first registered work tree. */
async function personOf(core: AppCore): Promise<Pick<CardPayload, 'person' | 'personProblem'>> {
  const author = knownAuthor(core.settings.author);
  if (author !== null) {
    const person = { user: author.user, fullName: author.name, role: null, source: core.paths.settings };
    return { person, personProblem: null };
  }
  let problem: AppError | null = null;
  for (const tree of core.settings.git.workspaces) {
    const workspace = await findWorkspace(core.sync.files, tree);
    if (!workspace.ok || workspace.value === null) continue;
    const identity = await readIdentity(core.sync.files, workspace.value);
    if (!identity.ok) {
      problem ??= identity.error;
      continue;
    }
    const { user, fullName, role, path } = identity.value;
    return { person: { user, fullName, role, source: path }, personProblem: null };
  }
  return { person: null, personProblem: problem };
}
