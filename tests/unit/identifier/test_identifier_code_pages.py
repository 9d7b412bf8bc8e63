"""Text of other code pages that was read as Latin-1, and text that is well. All names are our own or well known."""

from __future__ import annotations

import pytest

from navaar_identifier.text.code_pages import looks_misread
from navaar_identifier.text.encoding_repair import repair_encoding, repair_together

MISREAD = [
    ("gbk", "周杰伦 青花瓷"), ("gbk", "许巍 蓝莲花"), ("gbk", "海阔天空 Beyond"), ("gbk", "风中的承诺"),
    ("big5", "鄧麗君 月亮代表我的心"), ("big5", "張惠妹 聽海"), ("big5", "伍佰 挪威的森林"),
    ("shift_jis", "宇多田ヒカル 花束を君に"), ("shift_jis", "夜に駆ける"), ("shift_jis", "坂本九 上を向いて歩こう"),
    ("euc_kr", "아이유 밤편지"), ("euc_kr", "김광석 서른 즈음에"),
    ("cp1253", "Χάρις Αλεξίου Οι φίλοι μου"), ("cp1253", "ΒΙΣΣΗ ΑΝΝΑ"), ("cp1253", "Ήσυχο ποτάμι"),
    ("cp1254", "Sezen Aksu Şarkı Söylemek Lazım"), ("cp1254", "Gökhan Kırdar Yağmur"), ("cp1254", "Tarkan Şımarık"),
    ("cp1250", "Maryla Rodowicz Małgośka"), ("cp1250", "Zażółć gęślą jaźń"), ("cp1250", "Brodka Święta"),
    ("cp1255", "אריק איינשטיין עוף גוזל"), ("cp1255", "נהר שקט"),
    ("cp874", "คาราบาว เมดอินไทยแลนด์"), ("cp874", "แม่น้ำเงียบ"),
    ("koi8-r", "Кино Группа крови"), ("koi8-r", "привет"), ("koi8-r", "ЗВЕРИ РАЙОНЫ"),
    ("cp866", "Алла Пугачёва Миллион алых роз"), ("cp866", "Сплин Выхода нет"),
    ("cp1251", "Скрябін Люди як кораблі"), ("cp1251", "ЛЮБЭ КОНЬ"), ("cp1251", "Верка Сердючка feat. Somebody"),
    ("cp1256", "مهرگان برگ پاييزي"), ("cp1256", "داريوش گل سنگم"), ("cp1256", "فيروز حبيتك بالصيف"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "text"), MISREAD)
def test_text_of_another_table_is_read_with_that_table(page: str, text: str) -> None:
    assert repair_encoding(text.encode(page).decode("latin-1")) == text


@pytest.mark.parametrize(
    "text",
    [
        "Beyoncé Déjà Vu", "Sigur Rós Hoppípolla", "Ásgeir Dýrð í dauðaþögn", "Ólafur Arnalds Þú ert jörðin",
        "Été à Évry", "Édith Piaf Non, je ne regrette rien", "Caetano Veloso Coração Vagabundo", "Müller Größe",
        "Mónica Naranjo Sobreviviré Señor", "Røyksopp", "Öö", "Árstíðir Þú", "Mägo de Oz", "¿Qué Será?", "ÉL Y YO",
        "Þursaflokkurinn", "25 °C", "Tiësto", "Dvořák", "Čechomor", "Ñu",
    ],
)  # fmt: skip
def test_western_text_is_left_alone(text: str) -> None:
    assert repair_together((text,)) == (text,)
    assert not looks_misread(text)


def test_fields_of_one_tag_show_their_table_together() -> None:
    written = ("봄날", "방탄소년단")
    assert repair_together(tuple(w.encode("euc_kr").decode("latin-1") for w in written)) == written


def test_another_source_settles_the_table_of_few_letters() -> None:
    misread = "紅豆".encode("big5").decode("latin-1")
    assert repair_together((misread,), "王菲 紅豆") == ("紅豆",)


def test_half_a_letter_at_the_end_of_a_cut_field_is_left_out() -> None:
    cut = "月亮代表我的心和一首很长的老歌".encode("gbk")[:29].decode("latin-1")
    assert repair_encoding(cut) == "月亮代表我的心和一首很长的老"


@pytest.mark.parametrize("text", ["ÃÑ¡", "\x8e\x85", "Ga\ufffd\ufffd", "´¸¤Ñ"])
def test_what_no_table_settles_is_known_to_be_misread(text: str) -> None:
    assert repair_encoding(text) == text
    assert looks_misread(text)
