import '../ui/tokens.css';
import '../ui/base.css';
import { connect } from '../data/api-context.tsx';
import { mount } from '../ui/mount.tsx';
import { BrowserApp } from './browser-app.tsx';

mount(<BrowserApp link={connect()} />);
