import type { AppError } from '../../../shared/app-error.ts';

/** An error as stored and sent: reports in `details` are for the workflow's caller, and may be megabytes. */
export function slimError(error: AppError): AppError {
  if (error.details === undefined) return error;
  const { report: _report, ...details } = error.details;
  const { details: _details, ...rest } = error;
  return Object.keys(details).length === 0 ? rest : { ...rest, details };
}
