import { render } from 'solid-js/web'
import { browser } from '../browser.ts'
import { createBrowserScreen } from '../ui/browser-screen.ts'
import { Options } from './Options.tsx'
import '../ui/tokens.css'

/** The options page's composition root. */
const root = document.getElementById('app')
if (!root) throw new Error('The page has no place for the options')
render(() => <Options port={createBrowserScreen(browser)} />, root)
