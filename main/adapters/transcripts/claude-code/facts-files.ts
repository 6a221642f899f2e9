import type { LineRules } from '../reading/event-parser.ts';
import { excerpt, fields, firstText, KEPT, label, text } from '../reading/values.ts';

/** `custom-title.json`: a person's name for a session; `agent-<id>.meta.json`: a subagent's task. */
export const FACTS_RULES: LineRules<null> = {
  version: 'claude-code-facts/1',
  start: () => null,
  line(value, { file, emit }) {
    const all = fields(value);
    if (file.subagent !== null) {
      const call = text(all['toolUseId']);
      if (call === null) return null;
      const task = label(all['description'], all['prompt']);
      emit(
        { kind: 'subagent-started', call, agent: file.subagent, agentType: text(all['agentType']), task },
        { key: `agent/${call}`, by: text(all['parentAgentId']) },
      );
      return null;
    }
    const title = firstText(all['customTitle'], all['title'])?.trim() ?? '';
    if (title !== '')
      emit(
        { kind: 'title', title: excerpt(title, KEPT.label).text, source: 'person' },
        { key: 'title/sidecar' },
      );
    return null;
  },
};
