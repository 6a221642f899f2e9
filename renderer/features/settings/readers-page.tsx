import { useState } from 'react';
import { formatBytes, formatCount } from '../../../shared/format/amount.ts';
import { ago } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SealingAudit } from '../../../shared/ipc/sealing.ts';
import { useCall } from '../../data/call.ts';
import { useNow } from '../../data/use-now.ts';
import { useDrill, useSeal, useUnseal } from '../../data/use-sealing-run.ts';
import { useSharedValues } from '../../data/use-shared-values.ts';
import { Button } from '../../ui/button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { ShareValues, useSharingToast } from '../../ui/share-values.tsx';
import { Callout, Problem, ProblemState, Skeleton } from '../../ui/state.tsx';
import type { FollowedRun } from '../../data/use-followed.ts';
import { InviteSection } from './invite-section.tsx';
import { JoinSection } from './join-section.tsx';
import type { PageProps } from './page-props.ts';
import styles from './readers-page.module.css';
import { RunCourse } from './run-course.tsx';
import { RecoveryDialog, SealDialog, type SealWhat } from './seal-dialog.tsx';
import { TeamSection } from './team-section.tsx';

const words = en.readers;

/** What leaves, where to, sealed or not; who can read it; and the proof that it can be restored. */
export function ReadersPage(props: Pick<PageProps, 'info'>) {
  const query = useCall('sealing.audit', {}, { fresh: true });
  const again = (): void => void query.refetch();
  const audit = query.data;
  return (
    <>
      <p className={styles.quiet}>{words.intro}</p>
      {audit === undefined && query.error === null ? <Skeleton lines={8} label={words.loading} /> : null}
      {audit === undefined && query.error !== null ? (
        <ProblemState
          error={query.error.error}
          actions={<Button onClick={again}>{words.lookAgain}</Button>}
        />
      ) : null}
      {audit === undefined ? null : <Audit audit={audit} info={props.info} onAgain={again} />}
    </>
  );
}

function Audit(props: {
  readonly audit: SealingAudit;
  readonly info: PageProps['info'];
  readonly onAgain: () => void;
}) {
  const { audit, info } = props;
  const { standing } = audit;
  const [seal, unseal] = [useSeal(), useUnseal()];
  const recovery = useCall('sealing.recoveryKey', { kept: false }, { fresh: true });
  const [what, setWhat] = useState<SealWhat | null>(null);
  // A newly created key is shown at once; an earlier unconfirmed one, by a button.
  const [isHidden, setHidden] = useState(false);
  const key = recovery.data?.key ?? null;
  return (
    <>
      <Standing audit={audit} seal={seal} unseal={unseal} onSeal={setWhat} />
      {standing === 'outside' ? <JoinSection onIn={props.onAgain} /> : null}
      {key === null || !isHidden ? null : (
        <Callout
          tone="wait"
          icon="key"
          title={words.recoveryWaits}
          actions={<Button onClick={() => setHidden(false)}>{words.showRecovery}</Button>}
        >
          <p>{words.recoveryWaitsBody}</p>
        </Callout>
      )}
      {standing === 'member' ? (
        <TeamSection
          members={audit.members}
          self={info.machine?.uuid ?? null}
          timeZone={info.timeZone}
          onNewRecovery={() => setWhat('recovery')}
          onChanged={props.onAgain}
        />
      ) : null}
      {standing === 'outside' || audit.store.sameDisk ? null : <InviteSection />}
      <Where audit={audit} />
      {audit.store.sameDisk ? null : <Sharing audit={audit} />}
      {standing === 'outside' ? null : <Proof provedAt={audit.provedAt} />}
      {audit.problems
        // What keeps this machine out is reported above.
        .filter(({ details }) => standing !== 'outside' || details?.['epoch'] === undefined)
        .map((problem) => (
          <Problem
            key={`${problem.code} ${problem.message}`}
            error={problem}
            actions={<Button onClick={props.onAgain}>{words.lookAgain}</Button>}
          />
        ))}
      {what === null || (key !== null && !isHidden) ? null : (
        <SealDialog
          what={what}
          count={what === 'unseal' ? audit.sealed : audit.notSealed}
          run={what === 'unseal' ? unseal : seal}
          onStart={() => {
            setHidden(false);
            if (what === 'unseal') unseal.start();
            else seal.start(what === 'recovery');
          }}
          onClose={() => setWhat(null)}
        />
      )}
      {key === null || isHidden ? null : (
        <RecoveryDialog
          recovery={key}
          onClose={() => setHidden(true)}
          onKept={() => {
            setWhat(null);
            void recovery.refetch();
          }}
        />
      )}
    </>
  );
}

function Standing(props: {
  readonly audit: SealingAudit;
  readonly seal: FollowedRun;
  readonly unseal: FollowedRun;
  readonly onSeal: (what: SealWhat) => void;
}) {
  const { standing, epoch, notSealed, storesPlain, inTheClear } = props.audit;
  const body = standing === 'member' ? words.standingBody.member(epoch ?? 0) : words.standingBody[standing];
  const isSealing = standing === 'member' && !storesPlain;
  const what = standing === 'clear' ? 'store' : standing === 'member' && notSealed > 0 ? 'rest' : null;
  return (
    <>
      <Callout
        tone={isSealing && inTheClear.length === 0 ? 'good' : 'wait'}
        icon={isSealing || standing === 'outside' ? 'lock' : 'eye'}
        title={storesPlain ? words.storesPlain : words.standing[standing]}
        actions={
          what === null && !isSealing ? undefined : (
            <>
              {what === null ? null : (
                <Button tone="primary" icon="lock" onClick={() => props.onSeal(what)}>
                  {what === 'store' ? words.seal : storesPlain ? words.sealAgain : words.sealRest}
                </Button>
              )}
              {isSealing ? <Button onClick={() => props.onSeal('unseal')}>{words.unseal}</Button> : null}
            </>
          )
        }
      >
        <p>{storesPlain ? words.storesPlainBody : body}</p>
        {what === 'rest' ? <p>{words.rest(notSealed)}</p> : null}
        {inTheClear.length === 0 ? null : <p>{words.inTheClear(inTheClear.map(visibleLine))}</p>}
      </Callout>
      <RunCourse run={props.seal} label={words.sealing} failed={words.sealFailed} />
      <RunCourse run={props.unseal} label={words.unsealing} failed={words.unsealFailed} />
    </>
  );
}

function Where(props: { readonly audit: SealingAudit }) {
  const { store, leaving, staying, withheld, standing, storesPlain, sealed, notSealed } = props.audit;
  const { account, bucket, otherTenant, hidesNames } = props.audit;
  const isFolder = store.url.startsWith('file:');
  return (
    <section className={styles.section}>
      <h3>{words.where}</h3>
      <dl className={styles.facts}>
        <Fact name={words.store}>
          <code>{visibleLine(store.url)}</code>
        </Fact>
        <Fact name={words.tenant}>{visibleLine(store.tenant)}</Fact>
        <Fact name={words.next}>{words.nextLogs(leaving.logs, formatBytes(leaving.bytes))}</Fact>
        {staying + withheld === 0 ? null : (
          <Fact name={words.stays}>{words.staysHere(staying, withheld)}</Fact>
        )}
        <Fact name={words.names}>{hidesNames ? words.namesHidden : words.namesOpen}</Fact>
        <Fact name={words.how}>{storesPlain ? words.hows.clear : words.hows[standing]}</Fact>
        {standing === 'outside' ? null : (
          <Fact name={words.there}>
            {standing === 'clear' ? words.thereClear(notSealed) : words.thereLogs(sealed, notSealed)}
          </Fact>
        )}
        {account === null ? null : <Fact name={words.account}>{visibleLine(account)}</Fact>}
        {bucket === null ? null : <Fact name={words.bucket}>{bucketWords(bucket)}</Fact>}
        <Fact name={words.other}>{isFolder ? words.folder : words.others[otherTenant.answer]}</Fact>
      </dl>
      {leaving.paths.length === 0 ? null : (
        <details>
          <summary>{words.named}</summary>
          <ul className={styles.paths}>
            {leaving.paths.map((path) => (
              <li key={path}>{visibleLine(path)}</li>
            ))}
            {leaving.logs > leaving.paths.length ? (
              <li>{words.andMore(formatCount(leaving.logs - leaving.paths.length))}</li>
            ) : null}
          </ul>
        </details>
      )}
      {isFolder ? null : <p className={styles.quiet}>{words.rights}</p>}
      <Remotes remotes={props.audit.remotes} />
    </section>
  );
}

/** Values behind labels, as far as other machines of this person can read them. */
function Sharing(props: { readonly audit: SealingAudit }) {
  const { onCopy } = useMarkdownActions();
  const sharing = useSharedValues(useSharingToast());
  const names = new Map(props.audit.members.map(({ recipient, name }) => [recipient, name]));
  return (
    <section className={styles.section}>
      <h3>{en.sharing.title}</h3>
      <ShareValues sharing={sharing} names={names} onCopy={onCopy} />
    </section>
  );
}

/** Who can read a repository is known only to its server. */
function Remotes(props: { readonly remotes: SealingAudit['remotes'] }) {
  if (props.remotes.length === 0) return null;
  return (
    <>
      <h4>{words.remotes}</h4>
      <ul className={styles.remotes}>
        {props.remotes.map(({ workspace, name, url, takesSecrets }) => (
          <li key={`${workspace} ${name}`}>
            <code>{visibleLine(url)}</code>
            <span>
              {' '}
              {words.remoteOf(visibleLine(workspace))}
              {takesSecrets ? ` ${words.remoteSecrets}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const DAY_S = 86_400;

function bucketWords(bucket: NonNullable<SealingAudit['bucket']>): string {
  return [
    words.location(visibleLine(bucket.location)),
    bucket.publicAccessPrevented ? words.publicPrevented : words.publicPossible,
    bucket.uniformAccess ? words.uniform : words.notUniform,
    ...(bucket.softDeleteS > 0 ? [words.softDelete(Math.ceil(bucket.softDeleteS / DAY_S))] : []),
    ...(bucket.versioning ? [words.versions] : []),
    ...(bucket.retentionS > 0 ? [words.retention(Math.ceil(bucket.retentionS / DAY_S))] : []),
  ].join(' · ');
}

function Proof(props: { readonly provedAt: number | null }) {
  const drill = useDrill();
  const now = useNow();
  return (
    <section className={styles.section}>
      <h3>{words.proof}</h3>
      <p>{props.provedAt === null ? words.neverProved : words.proved(ago(props.provedAt, now))}</p>
      <p className={styles.quiet}>{words.proofBody}</p>
      <RunCourse run={drill} label={words.proving} failed={words.proofFailed} />
      {drill.busy ? null : (
        <div className={styles.actions}>
          <Button icon="check" onClick={drill.start}>
            {words.prove}
          </Button>
        </div>
      )}
    </section>
  );
}
