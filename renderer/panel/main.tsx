import '../ui/tokens.css';
import '../ui/base.css';
import { connect } from '../data/api-context.tsx';
import { mount } from '../ui/mount.tsx';
import { PanelApp } from './panel-app.tsx';

mount(<PanelApp link={connect()} />);
