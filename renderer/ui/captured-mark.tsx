import { capturedAgent } from '../../shared/domain/captured-log.ts';
import { en } from '../../shared/i18n/en.ts';
import { AGENT_NAMES } from '../../shared/transcripts/agents.ts';
import styles from './captured-mark.module.css';
import { Icon } from './icon.tsx';

/** Marks a log made from an agent's transcript, with the agent's name; nothing for a hand-written one. */
export function CapturedMark(props: { readonly path: string }) {
  const agent = capturedAgent(props.path);
  if (agent === null) return null;
  const name = AGENT_NAMES[agent];
  return (
    <span className={styles.mark} title={en.logs.capturedHelp(name)}>
      <Icon name="raw" />
      {name}
    </span>
  );
}
