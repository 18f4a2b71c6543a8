"""Classes: message numbers, handlers, callsuper, and mistakes in making them."""

from typing import Any

import pytest

from userlib.geos import (
    MSG_META_DISPATCH_EVENT,
    MSG_META_DUMMY,
    MSG_META_IACP_DATA_EXCHANGE,
    MSG_META_IACP_PROCESS_MESSAGE,
    MSG_META_NULL,
    MSG_META_QUIT,
    ClassRef,
    GenProcessClass,
    MetaClass,
    Optr,
    ProcessClass,
    message,
    method,
)
from userlib.geos.context import GeosThread


class Animal(MetaClass):
    MSG_SPEAK = message(text=str)
    MSG_COUNT = message(number=int, factor=int | None)

    log: list[str]

    @method(MSG_SPEAK)
    def speak(self, text: str) -> str:
        return f"animal {text}"

    @method(MSG_COUNT)
    def count(self, number: int, factor: int | None) -> int:
        return number * (factor or 1)


class Dog(Animal):
    MSG_FETCH = message(what=object)

    @method(Animal.MSG_SPEAK)
    def speak_louder(self, text: str) -> str:
        return f"dog, {self.callsuper(text=text.upper())}, {self.callsuper()}"

    @method(Animal.MSG_COUNT, MSG_FETCH)
    def anything(self, **params: Any) -> object:
        return sorted(params)


class Cat(Animal):
    MSG_SLEEP = message()


def test_numbers_are_given_by_level_in_order_of_declaration() -> None:
    assert Animal.MSG_SPEAK.number == 16_384
    assert Animal.MSG_COUNT.number == 16_385
    assert Dog.MSG_FETCH.number == Cat.MSG_SLEEP.number == 16_384 + 512
    assert MSG_META_NULL.number == 0
    assert MSG_META_IACP_DATA_EXCHANGE.number < 16_384
    assert (
        MSG_META_IACP_PROCESS_MESSAGE.number + 8 == MSG_META_IACP_DATA_EXCHANGE.number
    )
    assert (ProcessClass.geos_level, GenProcessClass.geos_level) == (1, 2)


def test_a_handler_is_looked_up_from_class_to_superclass(thread: GeosThread) -> None:
    animal, dog, cat = Animal(), Dog(), Cat()
    number = Animal.MSG_SPEAK.number
    assert animal.handle(number, ("hi",)) == "animal hi"
    assert cat.handle(number, ("hi",)) == "animal hi"
    assert dog.handle(number, ("hi",)) == "dog, animal HI, animal hi"
    assert dog.handle(Animal.MSG_COUNT.number, (1, 2)) == ["factor", "number"]
    assert dog.handle(Dog.MSG_FETCH.number, ("stick",)) == ["what"]
    assert len(thread.objects) == 3


@pytest.mark.usefixtures("thread")
def test_a_message_that_nobody_handles_is_silently_discarded() -> None:
    assert Cat().handle(Cat.MSG_SLEEP.number, ()) is None
    assert Cat().handle(31_000, ("what", "ever")) is None
    assert Cat().handle(MSG_META_QUIT.number, ()) is None


@pytest.mark.usefixtures("thread")
def test_values_are_read_by_place_under_the_receivers_names() -> None:
    """An unrelated class's message of the same number, as registers would carry it."""
    cat = Cat()
    count = Animal.MSG_COUNT.number
    assert cat.handle(count, (6, 7)) == 42
    assert cat.handle(count, (6,)) == 6
    assert cat.handle(count, (6, 7, "not looked at")) == 42


@pytest.mark.usefixtures("thread")
def test_callsuper_at_the_root_gives_nothing_and_outside_a_handler_is_a_mistake() -> (
    None
):
    class Lonely(MetaClass):
        @method(MSG_META_QUIT)
        def quit(self, quit_level: int | None, ack_od: Optr | None) -> object:
            return (quit_level, ack_od, self.callsuper())

    lonely = Lonely()
    assert lonely.handle(MSG_META_QUIT.number, (3,)) == (3, None, None)
    with pytest.raises(RuntimeError, match="is handling no message"):
        lonely.callsuper()


@pytest.mark.usefixtures("thread")
def test_callsuper_knows_the_messages_parameters_only() -> None:
    class Wrong(Animal):
        @method(Animal.MSG_SPEAK)
        def speak_wrongly(self, text: str) -> object:
            return self.callsuper(words=text)

    wrong = Wrong()
    with pytest.raises(TypeError, match="MSG_SPEAK has no parameter words"):
        wrong.handle(Animal.MSG_SPEAK.number, ("hi",))
    with pytest.raises(RuntimeError):  # nothing is left of the message
        wrong.callsuper()


def test_a_class_knows_by_name_what_it_is_derived_from() -> None:
    assert Dog.is_class("Animal")
    assert Dog.is_class("MetaClass")
    assert not Dog.is_class("Cat")
    assert not Animal.is_class("Dog")


def test_mistakes_are_found_when_the_class_is_made() -> None:
    with pytest.raises(TypeError, match="MSG_FETCH is no message of Fish"):

        class Fish(Animal):
            @method(Dog.MSG_FETCH)
            def fetch(self, what: object) -> None: ...

    with pytest.raises(TypeError, match=r"speak handles MSG_SPEAK, but .*words"):

        class Bird(Animal):
            @method(Animal.MSG_SPEAK)
            def speak(self, words: str) -> None: ...  # type: ignore[override]

    with pytest.raises(TypeError, match="handles MSG_META_DUMMY twice"):

        class Echo(Animal):
            @method(MSG_META_DUMMY)
            def first(self) -> None: ...

            @method(MSG_META_DUMMY)
            def second(self) -> None: ...

    with pytest.raises(TypeError, match="the messages that are handled, and not speak"):

        class Mouse(Animal):
            @method  # type: ignore[arg-type] # that is the point
            def speak(self, text: str) -> None: ...

    with pytest.raises(TypeError, match=r"the messages that are handled$"):
        method()

    with pytest.raises(
        TypeError, match="the parameter text is of a type, and not 'str'"
    ):
        message(text="str")  # type: ignore[arg-type] # that is the point

    with pytest.raises(TypeError, match="one superclass, not Dog, Cat"):

        class Chimera(Dog, Cat):
            pass

    with pytest.raises(TypeError, match="more than 512 messages"):
        type("Crowd", (Animal,), {f"MSG_{n}": message() for n in range(513)})


@pytest.mark.usefixtures("thread")
def test_fields_are_those_that_the_class_declares() -> None:
    parent = Optr(7, 1, 7)
    assert Dog(gen_parent=parent).gen_parent == parent
    with pytest.raises(TypeError, match="Dog has no field colour"):
        Dog(colour="brown")
    with pytest.raises(TypeError, match="Dog has no field optr"):
        Dog(optr=parent)


def test_a_thread_without_a_queue_runs_no_objects() -> None:
    with pytest.raises(RuntimeError, match="only an event-driven thread runs objects"):
        Dog()


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, "MSG_COUNT: number is int, not None .it was left out"),
        ({"number": "5"}, "MSG_COUNT: number is int, not '5'"),
        ({"number": 5, "times": 2}, "has no parameter times .number, factor"),
    ],
)
def test_parameters_are_the_messages_own(
    params: dict[str, object], problem: str
) -> None:
    with pytest.raises(TypeError, match=problem):
        Animal.MSG_COUNT.bind(params)


def test_what_may_be_none_can_be_left_out_and_classes_go_by_name() -> None:
    assert Animal.MSG_COUNT.bind({"number": 5}) == (5, None)
    assert Dog.MSG_FETCH.bind({"what": Cat}) == (ClassRef("Cat"),)
    assert MSG_META_DISPATCH_EVENT.owner is MetaClass
