import { createContext, use } from 'react';

/** What a drawn log can do; the feature that shows it says how. */
export interface MarkdownActions {
  /** A link was clicked; its address has passed `checkLink`. */
  readonly onLink: (url: string) => void;
  /** Copies text; `what` names it for the message that follows. */
  readonly onCopy: (text: string, what: string) => void;
}

const NOTHING: MarkdownActions = { onLink: () => undefined, onCopy: () => undefined };

export const MarkdownActionsContext = createContext<MarkdownActions>(NOTHING);

/** The actions of the log around. */
export function useMarkdownActions(): MarkdownActions {
  return use(MarkdownActionsContext);
}
