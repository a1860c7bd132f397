//! A close look at one page: by axe-core, at every width, in both schemes, and from the keyboard.

use crate::window::Window;

/// Runs axe-core over the page and answers a line for each thing it finds.
const AXE: &str = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(found => found.violations.map(rule => rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.target.join(' ') + ' '
    + (node.any.concat(node.all, node.none)[0]?.message ?? '')).join(' | ')))";

/// Pixels by which the page is wider than its window, and what sticks out furthest.
const WIDER: &str = "(() => { const wide = document.documentElement.scrollWidth - innerWidth; if (wide <= 0) return '';
    const out = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 0.5
        && !one.closest('.scroll')).pop();
    return wide + 'px, ' + (out?.outerHTML.slice(0, 120) ?? ''); })()";

/// Controls smaller than a finger; a link inside a sentence or a table’s row is as tall as its line.
const SMALL: &str = "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.checkVisibility() && !one.matches('.skip'))
    .map(one => one.matches('[type=radio], [type=checkbox]') ? one.closest('label') ?? one : one)
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width < 44 || box.height < 44)
    .map(([one, box]) => one.tagName + ' ' + Math.round(box.width) + 'x' + Math.round(box.height) + ' ' + one.outerHTML.slice(0, 100))";

/// Marks what has the focus, and answers it where it cannot be seen; null when the focus has come round again.
/// A date is one control with several stops.
const FOCUSED: &str = "(() => { const one = document.activeElement; if (!one || one === document.body) return '';
    if (one === globalThis.before) return ''; globalThis.before = one;
    if (one.dataset.reached) return null; one.dataset.reached = 'yes';
    const shown = one.matches('[type=radio], [type=checkbox]') ? one.closest('label') ?? one : one;
    const box = shown.getBoundingClientRect();
    const points = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 4, box.top + 4], [box.left + box.width / 2, box.bottom - 4]]
        .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    const seen = points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (shown.contains(top) || top.contains(shown)); });
    return seen ? '' : one.outerHTML.slice(0, 120); })()";

/// What can be used but was not reached. Of radio buttons that belong together one is enough.
const UNREACHED: &str = "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.checkVisibility() && !one.disabled && !one.dataset.reached)
    .filter(one => one.type !== 'radio' || !document.querySelector('[type=radio][data-reached][name=\"' + one.name + '\"]'))
    .map(one => one.outerHTML.slice(0, 120))";

impl Window {
    /// Everything that must hold of every page. `stop` says where in the story we are.
    pub async fn look(&self, stop: &str) {
        let mut wrong = Vec::new();
        self.no_script_in(&self.client.source().await.unwrap(), &mut wrong);
        self.scripts(true);
        self.ask(&format!("{};null", self.axe));
        for (width, height) in [(1280, 900), (390, 844)] {
            self.size(width, height);
            wrong.extend(self.lines(SMALL).into_iter().map(|small| format!("at {width} smaller than 44 px: {small}")));
            for scheme in ["light", "dark"] {
                self.scheme(scheme);
                wrong.extend(self.lines(AXE).into_iter().map(|found| format!("axe at {width} {scheme}: {found}")));
            }
        }
        self.scripts(false);
        self.scheme("light");
        for width in [320, 390, 768, 1024, 1280] {
            self.size(width, 800);
            let wider = self.ask(WIDER).as_str().unwrap_or_default().to_owned();
            wrong.extend((!wider.is_empty()).then(|| format!("at {width} wider than the window by {wider}")));
        }
        for (width, height) in [(1024, 768), (390, 844)] {
            self.size(width, height);
            self.walk(width, &mut wrong);
        }
        self.size(1024, 768);
        if !wrong.is_empty() {
            let path = self.path().await;
            self.wrong.borrow_mut().push(format!("{stop}, {path}:\n{}", wrong.join("\n")));
        }
    }

    /// Everything that was wrong on the pages looked at is said at once, at the end of the story.
    pub fn nothing_was_wrong(&self) {
        let wrong = self.wrong.borrow();
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }

    fn no_script_in(&self, source: &str, wrong: &mut Vec<String>) {
        for forbidden in ["<script", " style=\"", "javascript:", " onclick=", " onload=", " onerror=", " onfocus="] {
            wrong.extend(source.contains(forbidden).then(|| format!("the page carries {forbidden}")));
        }
    }

    /// Goes through the page by Tab, from where the focus is to there again.
    fn walk(&self, width: u32, wrong: &mut Vec<String>) {
        self.ask("document.querySelectorAll('[data-reached]').forEach(one => delete one.dataset.reached)");
        for _ in 0..400 {
            self.tab();
            match self.ask(FOCUSED).as_str() {
                None => break,
                Some("") => {}
                Some(hidden) => wrong.push(format!("at {width} the focus is hidden on {hidden}")),
            }
        }
        wrong.extend(self.lines(UNREACHED).into_iter().map(|one| format!("at {width} Tab does not reach {one}")));
    }

    fn lines(&self, expression: &str) -> Vec<String> {
        serde_json::from_value(self.ask(expression)).unwrap_or_else(|why| panic!("{expression:.60}: {why}"))
    }
}
