"""What is done on a page before it is looked at."""

from collections.abc import Callable

from playwright.sync_api import Page


def search_for(text: str) -> Callable[[Page], None]:
    """By the phone's bottom bar where the top bar has no room for the search."""

    def act(page: Page) -> None:
        if not page.locator(".topbar input[name=q]").is_visible():
            page.locator(".tabbar summary", has_text="找人").click()
        page.locator("input[name=q]:visible").fill(text)
        page.locator("input[name=q]:visible").press("Enter")
        page.wait_for_url("**/search/")

    return act


def press(name: str, *, then: str) -> Callable[[Page], None]:
    """Press a button and wait for what it brings."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        page.locator(then).first.wait_for()

    return act


def assess_level_3(page: Page) -> None:
    page.locator("input[name=level][value='3']").check()
    page.locator(".sum .chip-urgent").wait_for()


def leave_a_draft(page: Page) -> None:
    """Answered, kept, and opened again; then given up, so that the other pages of the form start empty."""
    page.locator("input[name=level][value='1']").check()
    page.locator("[data-draft-words]", has_text="已暂存").wait_for()
    page.reload()
    page.locator(".visit-notice", has_text="已恢复您").wait_for()


def save_after_someone_else(button: str) -> Callable[[Page], None]:
    """The page still carries the version that was true before the other person saved."""

    def act(page: Page) -> None:
        page.locator("input[name=version]").evaluate("field => { field.value = Number(field.value) - 1; }")
        page.locator("[name=diet][value='3'], [name=onset_on]").first.evaluate(
            "field => { if (field.type === 'radio') field.checked = true; else field.value = '1999-09-09'; }"
        )
        page.get_by_role("button", name=button).first.click()
        page.locator("text=先保存").first.wait_for()

    return act


def print_told(page: Page) -> None:
    page.get_by_label("本人").check()
    page.get_by_role("button", name="生成打印页").click()
    page.locator("article.paper").wait_for()


def go_down_to_the_map(page: Page) -> None:
    """It comes once somebody scrolls to it."""
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map-svg").wait_for()
    page.get_by_role("button", name="存为图片").last.wait_for()


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label("用户名").fill("worker1")
    page.get_by_label("密码").fill("not-the-password-1")
    page.get_by_role("button", name="下一步").click()
    page.locator(".notice-urgent, .has-error, .errors").first.wait_for()
