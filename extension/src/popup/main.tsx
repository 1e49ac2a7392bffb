import { render } from 'solid-js/web'
import { browser } from '../browser.ts'
import { createBrowserScreen } from '../ui/browser-screen.ts'
import { Popup } from './Popup.tsx'
import '../ui/tokens.css'

/** The popup's composition root. `popup-drawn` measures from its first line of script to the state on the screen. */
performance.mark('popup-begun')
const root = document.getElementById('app')
if (!root) throw new Error('The page has no place for the popup')
render(() => <Popup port={createBrowserScreen(browser)} onDrawn={() => performance.measure('popup-drawn', 'popup-begun')} />, root)
