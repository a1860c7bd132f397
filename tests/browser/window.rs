//! A window on the house: what a person does in it, and what only the browser itself knows.

use std::cell::RefCell;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::ground::{Demo, Driver, Tools};

/// One Chromium. Its pages run no script: what they cannot do without, they must not need.
pub struct Window {
    pub client: Client,
    pub axe: String,
    /// What was wrong on the pages that were looked at.
    pub wrong: RefCell<Vec<String>>,
    house: String,
    session: String,
}

impl Window {
    pub async fn open(driver: &Driver, tools: &Tools, demo: &Demo) -> Window {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(driver.capabilities.clone()).connect(&driver.address).await.unwrap();
        let id = client.session_id().await.unwrap().expect("a session has an id");
        let session = format!("{}/session/{id}", driver.address);
        let window =
            Window { client, axe: tools.axe.clone(), wrong: RefCell::default(), house: demo.address.clone(), session };
        window.scripts(false);
        window
    }

    /// Whether pages may run script: only while axe-core, which waits on timers, looks at one.
    pub fn scripts(&self, run: bool) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({ "value": !run }));
    }

    /// The same window, on a house whose clock has gone on.
    pub fn turn_to(&mut self, demo: &Demo) {
        self.house = demo.address.clone();
    }

    /// Says something in Chromium's own tongue, for which WebDriver has no words.
    pub fn tell(&self, command: &str, parameters: Value) -> Value {
        let said = json!({ "cmd": command, "params": parameters }).to_string();
        let post = ureq::post(format!("{}/goog/cdp/execute", self.session));
        let answer = post.config().timeout_global(Some(Duration::from_secs(60))).build().send(said);
        let mut answer = answer.unwrap_or_else(|why| panic!("{command}: {why}"));
        let mut answer: Value = serde_json::from_reader(answer.body_mut().as_reader()).expect("the driver speaks JSON");
        answer["value"].take()
    }

    /// What an expression amounts to in the page. The page’s own rules (no script at all) do not bind the debugger.
    pub fn ask(&self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.tell("Runtime.evaluate", ask);
        assert!(answer["exceptionDetails"].is_null(), "{expression:.80}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    pub fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", size);
    }

    pub fn scheme(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.tell("Emulation.setEmulatedMedia", json!({ "features": [feature] }));
    }

    /// A key pressed and let go, wherever the focus is.
    pub fn key(&self, key: &str, code: u32, text: &str) {
        let event =
            |kind: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
        self.tell("Input.dispatchKeyEvent", event(if text.is_empty() { "rawKeyDown" } else { "keyDown" }));
        self.tell("Input.dispatchKeyEvent", event("keyUp"));
    }

    pub fn tab(&self) {
        self.key("Tab", 9, "");
    }

    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.house)).await.unwrap();
    }

    /// Path and query of the page that is shown.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap().to_string();
        url.strip_prefix(&self.house).unwrap_or(&url).to_owned()
    }

    pub fn text(&self) -> String {
        self.ask("document.body.innerText").as_str().unwrap_or_default().replace('\u{a0}', " ")
    }

    /// The beginning of what the page says, for a failure.
    pub fn told(&self) -> String {
        self.text().chars().take(6_000).collect()
    }

    pub fn says(&self, words: &str) {
        assert!(self.text().contains(words), "the page does not say “{words}”:\n{}", self.told());
    }

    /// Writes into the field of this name that can be seen: a page may hold several forms, one of them open.
    pub async fn fill(&self, name: &str, value: &str) {
        let css = format!("[name={name}]:not([type=hidden]):not([type=radio])");
        for field in self.client.find_all(Locator::Css(&css)).await.unwrap() {
            if field.is_displayed().await.unwrap() {
                field.clear().await.unwrap();
                return field.send_keys(value).await.unwrap();
            }
        }
        panic!("there is no {name} to be filled at {}:\n{}", self.path().await, self.told());
    }

    /// Sets a field that a browser draws as several (a date, a moment), as its own control would.
    pub fn set(&self, name: &str, value: &str) {
        self.ask(&format!("document.querySelector('input[name={name}]').value = '{value}'"));
    }

    pub async fn choose(&self, name: &str, value: &str) {
        let label = self.one(&format!("label:has(input[name={name}][value={value}])")).await;
        self.touch(&label).await;
    }

    /// Clicks what was scrolled to the middle first, clear of the banner that stays at the top.
    async fn touch(&self, found: &Element) {
        let middle = "arguments[0].scrollIntoView({ block: 'center' })";
        self.client.execute(middle, vec![serde_json::to_value(found).unwrap()]).await.unwrap();
        found.click().await.unwrap();
    }

    /// Picks the first line of a list that holds these words.
    pub async fn pick(&self, name: &str, words: &str) {
        let path = format!("//select[@name='{name}']/option[contains(., '{words}')]");
        let option = self.client.find(Locator::XPath(&path)).await;
        option.unwrap_or_else(|_| panic!("no {words} in {name}:\n{}", self.told())).click().await.unwrap();
    }

    pub async fn fill_if_there(&self, name: &str, value: &str) {
        if self.ask(&format!("!!document.querySelector('[name={name}]')?.checkVisibility()")).as_bool() == Some(true) {
            self.fill(name, value).await;
        }
    }

    /// Presses the button, or follows the link, that shows these words; the first of several that can be seen.
    pub async fn press(&self, words: &str) {
        let path = format!(
            "//*[self::a or self::button or self::summary][contains(translate(normalize-space(.), '\u{a0}', ' '), '{words}')]"
        );
        for found in self.client.find_all(Locator::XPath(&path)).await.unwrap() {
            if found.is_displayed().await.unwrap() {
                return self.click(&found).await;
            }
        }
        panic!("nothing to press says “{words}” at {}:\n{}", self.path().await, self.told());
    }

    /// Follows the first link like that.
    pub async fn follow(&self, css: &str) {
        let link = self.one(css).await;
        self.click(&link).await;
    }

    /// Clicks, and where that leads to another page waits until it has come.
    async fn click(&self, found: &Element) {
        let stays = found.tag_name().await.unwrap() == "summary" || found.attr("download").await.unwrap().is_some();
        self.ask("globalThis.here = true");
        self.touch(found).await;
        if !stays {
            self.come("another page").await;
        }
    }

    /// Waits until the page marked as `here` has been left and the next one stands whole.
    async fn come(&self, what: &str) {
        for _ in 0..600 {
            if self.ask("!globalThis.here && document.readyState === 'complete'").as_bool() == Some(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what} does not come after {}:\n{}", self.path().await, self.told());
    }

    pub async fn one(&self, css: &str) -> Element {
        match self.client.find(Locator::Css(css)).await {
            Ok(found) => found,
            Err(_) => panic!("there is no {css} at {}:\n{}", self.path().await, self.told()),
        }
    }

    pub async fn sign_in(&self, username: &str) {
        self.client.delete_all_cookies().await.unwrap();
        self.go("/sign-in").await;
        self.fill("username", username).await;
        self.fill("password", "alder-house").await;
        self.press("Sign in").await;
        assert!(!self.path().await.starts_with("/sign-in"), "{username} is not let in:\n{}", self.told());
    }

    /// The running plan of a resident, from the list of plans.
    pub async fn go_to_the_plan(&self, surname: &str) {
        self.go("/plans").await;
        let find = format!(
            "[...document.querySelectorAll('li')].find(one => one.innerText.includes('{surname}'))
            ?.querySelector('a[href^=\"/plans/\"]')?.getAttribute('href')"
        );
        let there = self.ask(&find).as_str().map(str::to_owned);
        self.go(&there.unwrap_or_else(|| panic!("no plan of {surname}:\n{}", self.told()))).await;
    }

    /// The round of a unit today, by the list of rounds that the page offers.
    pub async fn go_to_the_round(&self, unit: &str, slot: &str) {
        self.go("/round").await;
        let find = format!(
            "[...document.querySelectorAll('.pick a')].find(one => one.innerText.includes('{unit}')
            && one.innerText.includes('{slot}'))?.getAttribute('href')"
        );
        self.ask("document.querySelector('.pick')?.setAttribute('open', '')");
        let there = self.ask(&find).as_str().map(str::to_owned);
        self.go(&there.unwrap_or_else(|| panic!("no round of {unit} at {slot}:\n{}", self.told()))).await;
    }

    /// Goes on by Tab until a button with these words has the focus.
    pub fn tab_to(&self, words: &str) {
        for _ in 0..100 {
            self.tab();
            let focused = self.ask("document.activeElement.innerText");
            if focused.as_str().is_some_and(|text| text.contains(words)) {
                return;
            }
        }
        panic!("Tab does not come to “{words}”");
    }

    /// Presses Enter and waits for the page that comes of it.
    pub async fn enter(&self) {
        self.ask("globalThis.here = true");
        self.key("Enter", 13, "\r");
        self.come("what Enter asks for").await;
    }

    /// Opens another tab and looks on in it; answers the one that was left.
    pub async fn beside(&self) -> WindowHandle {
        let first = self.client.window().await.unwrap();
        let other = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(other.handle).await.unwrap();
        first
    }

    /// Closes this tab and goes back to that one.
    pub async fn back_to(&self, first: WindowHandle) {
        self.client.close_window().await.unwrap();
        self.client.switch_to_window(first).await.unwrap();
    }

    /// Follows a link that hands out a file, and answers what is in it.
    pub async fn download(&self, words: &str, folder: &std::path::Path) -> String {
        self.tell("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }));
        self.press(words).await;
        for _ in 0..100 {
            let whole = |file: &std::path::PathBuf| file.extension().is_some_and(|kind| kind == "csv");
            let mut files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
            if let Some(file) = files.find(whole) {
                return std::fs::read_to_string(file).unwrap();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no file came of “{words}”");
    }
}
