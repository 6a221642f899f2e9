/**
 * What the router calls. The words are the core's, which implements them (main/core/app); they are named here as well, because every
 * transport looks for them beside the router.
 */
export type {
  Answer,
  AppService,
  Caller,
  EventFeed,
  IdentityService,
  LogsService,
  NotesService,
  SettingsService,
  ShellService,
  SyncService,
} from '../core/app/app-service.ts';
