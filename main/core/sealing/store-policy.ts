import type { MachineUuid, TenantId } from '../../../shared/domain/ids.ts';

/** Inputs of a permission policy. */
export interface PolicyOf {
  readonly bucket: string;
  /** Prefix of all names in the bucket; empty, or no slash at its ends. */
  readonly prefix: string;
  readonly tenant: TenantId;
  readonly machines: readonly { readonly uuid: MachineUuid; readonly host: string }[];
}

/** One tenant's permissions, for two tools. */
export interface StorePolicy {
  readonly gcloud: string;
  readonly terraform: string;
  /** What they grant and what not, one sentence each. */
  readonly gives: readonly string[];
}

/**
 * Builds the least permissions for a tenant: one service identity per machine, which reads the tenant's folder, writes its own part of it,
 * and adds keys without replacing one.
 */
export function storePolicy(policy: PolicyOf): StorePolicy {
  return {
    gcloud: gcloudOf(policy),
    terraform: terraformOf(policy),
    gives: [
      'A machine reads everything of this tenant, and nothing of another.',
      'It writes only its own logs and copies of sessions, its own part of the index, and the list for outside readers; it cannot change what another machine stored.',
      'It can add keys and requests, and cannot replace one that is there.',
      'Whoever administers the bucket can read, replace and remove everything: sealing keeps them from reading.',
      'A machine uses its account by store.impersonate, which takes the right to act as it: the last line of each machine.',
      'A stolen machine keeps its rights until its service account is disabled: gcloud iam service-accounts disable.',
    ],
  };
}

interface Grant {
  readonly folder: string;
  readonly role: 'objectViewer' | 'objectUser' | 'objectCreator';
}

function rootOf({ prefix, tenant }: PolicyOf): string {
  return `${prefix === '' ? '' : `${prefix}/`}tenant-${tenant}/`;
}

function grantsOf(policy: PolicyOf, uuid: MachineUuid): readonly Grant[] {
  const root = rootOf(policy);
  return [
    { folder: root, role: 'objectViewer' },
    { folder: `${root}machines/${uuid}/`, role: 'objectUser' },
    { folder: `${root}transcripts/${uuid}/`, role: 'objectUser' },
    { folder: `${root}index/segments/${uuid}/`, role: 'objectUser' },
    { folder: `${root}index/text/${uuid}/`, role: 'objectUser' },
    { folder: `${root}keys/`, role: 'objectCreator' },
  ];
}

/** A machine's own objects in shared folders. */
function ownObjects(policy: PolicyOf, uuid: MachineUuid): string {
  const object = (name: string): string =>
    `projects/_/buckets/${policy.bucket}/objects/${rootOf(policy)}index/${name}`;
  return `resource.name == '${object(`machines/${uuid}.json.gz`)}' || resource.name == '${object('session-index.json')}'`;
}

function accountOf(uuid: MachineUuid): string {
  return `session-log-${uuid.slice(0, 8)}`;
}

function foldersOf(policy: PolicyOf): readonly string[] {
  return [
    ...new Set(policy.machines.flatMap(({ uuid }) => grantsOf(policy, uuid).map(({ folder }) => folder))),
  ].sort();
}

function gcloudOf(policy: PolicyOf): string {
  const { bucket, machines } = policy;
  const url = `gs://${bucket}`;
  const lines = [
    'PROJECT="$(gcloud config get-value project)"',
    `gcloud storage buckets update ${url} --uniform-bucket-level-access --public-access-prevention`,
    ...foldersOf(policy).map((folder) => `gcloud storage managed-folders create "${url}/${folder}"`),
  ];
  for (const { uuid, host } of machines) {
    const member = `"serviceAccount:${accountOf(uuid)}@$PROJECT.iam.gserviceaccount.com"`;
    lines.push(
      '',
      `# ${plainOf(host)}`,
      `gcloud iam service-accounts create ${accountOf(uuid)} --display-name="Session Log on ${plainOf(host)}"`,
      ...grantsOf(policy, uuid).map(
        ({ folder, role }) =>
          `gcloud storage managed-folders add-iam-policy-binding "${url}/${folder}" --member=${member} --role=roles/storage.${role}`,
      ),
      `gcloud storage buckets add-iam-policy-binding ${url} --member=${member} --role=roles/storage.objectUser --condition="title=session-log-${uuid.slice(0, 8)},expression=${ownObjects(policy, uuid)}"`,
      '# Whoever works on it may act as the account; there, once: session-log config set store.impersonate ACCOUNT',
      `# gcloud iam service-accounts add-iam-policy-binding ${member.replace('serviceAccount:', '')} --member="user:EMAIL" --role=roles/iam.serviceAccountTokenCreator`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function terraformOf(policy: PolicyOf): string {
  const { bucket, machines } = policy;
  const folders = foldersOf(policy);
  const idOf = (folder: string): string => `f${folders.indexOf(folder)}`;
  const blocks = folders.map((folder) =>
    block('google_storage_managed_folder', idOf(folder), { bucket: `"${bucket}"`, name: `"${folder}"` }),
  );
  for (const { uuid, host } of machines) {
    const id = `m${uuid.slice(0, 8)}`;
    const member = `"serviceAccount:\${google_service_account.${id}.email}"`;
    blocks.push(
      block('google_service_account', id, {
        account_id: `"${accountOf(uuid)}"`,
        display_name: `"Session Log on ${plainOf(host)}"`,
      }),
      ...grantsOf(policy, uuid).map(({ folder, role }) =>
        block('google_storage_managed_folder_iam_member', `${id}_${idOf(folder)}_${role}`, {
          bucket: `"${bucket}"`,
          managed_folder: `google_storage_managed_folder.${idOf(folder)}.name`,
          role: `"roles/storage.${role}"`,
          member,
        }),
      ),
      block('google_storage_bucket_iam_member', `${id}_own`, {
        bucket: `"${bucket}"`,
        role: '"roles/storage.objectUser"',
        member,
        condition: `{ title = "session-log-${uuid.slice(0, 8)}", expression = "${ownObjects(policy, uuid)}" }`,
      }),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

function block(type: string, name: string, values: Readonly<Record<string, string>>): string {
  // Aligned as `terraform fmt` has it.
  const width = Math.max(...Object.keys(values).map((key) => (key === 'condition' ? 0 : key.length)));
  const lines = Object.entries(values).map(([key, value]) =>
    key === 'condition' ? `  condition ${blockOf(value)}` : `  ${key.padEnd(width)} = ${value}`,
  );
  return `resource "${type}" "${name}" {\n${lines.join('\n')}\n}`;
}

function blockOf(value: string): string {
  const [, title = '', expression = ''] =
    /^\{ title = ("[^"]*"), expression = ("[^"]*") \}$/.exec(value) ?? [];
  return `{\n    title      = ${title}\n    expression = ${expression}\n  }`;
}

/** A host name safe for shell and Terraform: drops all but plain characters. */
function plainOf(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9._-]/g, '');
}
