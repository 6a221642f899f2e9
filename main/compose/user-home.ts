export { userHome } from '../adapters/system/user-home.ts';
