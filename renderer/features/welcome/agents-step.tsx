import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { AgentChange, AgentView } from '../../../shared/ipc/setup.ts';
import { useAction, useCall } from '../../data/call.ts';
import { useSettings } from '../../data/use-settings.ts';
import { BriefField } from '../../ui/brief-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './welcome-view.module.css';

/** The agents found here, with their state; what connecting changes is shown first, and can be undone. */
export function AgentsStep(props: {
  readonly agents: readonly AgentView[];
  readonly onChanged: () => void;
  readonly onBack: () => void;
  readonly onNext: () => void;
}) {
  const words = en.welcome;
  const editor = useSettings(() => undefined);
  const found = props.agents.filter(({ isFound, state }) => isFound || state !== 'not-connected');
  return (
    <section className={styles.form}>
      <h3>{words.agentsTitle}</h3>
      <p>{words.agentsBody}</p>
      {found.length === 0 ? <p>{words.agentNone}</p> : null}
      {props.agents.map((agent) => (
        <Agent key={agent.agent} agent={agent} onChanged={props.onChanged} />
      ))}
      {found.length === 0 || editor.view === null ? null : (
        <BriefField
          checked={editor.view.settings.agents.brief}
          onChange={(brief) => editor.change({ agents: { brief } })}
        />
      )}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{words.back}</Button>
        <Button tone="primary" onClick={props.onNext}>
          {words.next}
        </Button>
      </div>
    </section>
  );
}

function Agent(props: { readonly agent: AgentView; readonly onChanged: () => void }) {
  const { agent } = props;
  const words = en.welcome;
  const [problem, setProblem] = useState<AppError | null>(agent.problem);
  const handlers = {
    onDone: () => {
      setProblem(null);
      props.onChanged();
    },
    onFailed: setProblem,
  };
  const connect = useAction('setup.connectAgent', handlers);
  const disconnect = useAction('setup.disconnectAgent', handlers);
  const preview = useCall('setup.connectAgent', { agent: agent.agent, dryRun: true });
  const request = { agent: agent.agent, dryRun: false } as const;
  const isWhole = agent.state === 'connected';
  return (
    <div className={styles.agent} data-state={agent.state}>
      <div className={styles.agentHead}>
        <Icon name={isWhole ? 'check' : 'machine'} />
        <strong>{agent.name}</strong>
        <span role="status">
          {agent.isFound || isWhole ? words.agentStates[agent.state] : words.agentMissing}
        </span>
        {isWhole ? (
          <Button busy={disconnect.isPending} onClick={() => disconnect.mutate(request)}>
            {words.disconnect}
          </Button>
        ) : (
          <Button tone="primary" busy={connect.isPending} onClick={() => connect.mutate(request)}>
            {agent.state === 'not-connected' ? words.connect : words.repair}
          </Button>
        )}
      </div>
      <p className={styles.place}>
        <code>{visibleLine(agent.folder)}</code>
      </p>
      {problem === null ? null : <Problem error={problem} />}
      {isWhole ? (
        <p>{words.undone}</p>
      ) : preview.data === undefined ? null : (
        <Change agent={agent} change={preview.data} />
      )}
    </div>
  );
}

function Change(props: { readonly agent: AgentView; readonly change: AgentChange }) {
  const words = en.welcome;
  return (
    <details className={styles.change}>
      <summary>{words.showChange}</summary>
      <ul aria-label={words.changeTitle(props.agent.name)}>
        {props.change.files.map(({ path, action, diff }) => (
          <li key={path}>
            <code>{visibleLine(path)}</code> {words.fileActions[action]}
            {diff === '' ? null : <pre tabIndex={0}>{visibleText(diff)}</pre>}
          </li>
        ))}
      </ul>
    </details>
  );
}
