import { commands } from './en/commands.ts';
import { common } from './en/common.ts';
import { desktop } from './en/desktop.ts';
import { logs } from './en/logs.ts';
import { notes } from './en/notes.ts';
import { panel } from './en/panel.ts';
import { news, pending } from './en/pending.ts';
import { problems } from './en/problems.ts';
import { reader } from './en/reader.ts';
import { readers } from './en/readers.ts';
import { remedies } from './en/remedies.ts';
import { save } from './en/save.ts';
import { search } from './en/search.ts';
import { sessions } from './en/sessions.ts';
import { settings } from './en/settings.ts';
import { sharing } from './en/sharing.ts';
import { sync } from './en/sync.ts';
import { welcome } from './en/welcome.ts';

/** All text shown in the product's windows. Sentence case; plain and specific; an action says what it does. */
export const en = {
  commands,
  common,
  desktop,
  logs,
  news,
  notes,
  panel,
  pending,
  problems,
  reader,
  readers,
  remedies,
  save,
  search,
  sessions,
  settings,
  sharing,
  sync,
  welcome,
} as const;
