import { findSecrets } from '../../../shared/secrets/find-secrets.ts';
import type { CountTokens } from '../../../shared/secrets/finding.ts';
import type { Withhold } from './log-words.ts';

/** Replaces every secret with a label that describes it; the value stays in the transcript and its copy on this machine. */
export function withholdSecrets(countTokens: CountTokens): Withhold {
  return (text) => {
    const parts: string[] = [];
    const labels: string[] = [];
    let at = 0;
    for (const { start, end, kind } of findSecrets(text, countTokens)) {
      const label = `[secret: ${kind}, kept in the transcript]`;
      parts.push(text.slice(at, start), label);
      labels.push(label);
      at = end;
    }
    return labels.length === 0 ? { text, labels } : { text: parts.join('') + text.slice(at), labels };
  };
}
