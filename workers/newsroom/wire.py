"""Wire copy: an agency's story as several sites print it, each in its own manner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec import structs

from workers.newsroom.stories import Block, Story

APART = timedelta(minutes=17)  # between two sites


def printed(story: Story, turn: int) -> Story:
    """Return `story` as the site whose `turn` it is (from 0) prints it: in turn whole, credited, anew begun, cut.

    Its phrase is "": no copy has words of its own.
    """
    manner = MANNERS[turn % len(MANNERS)]
    return structs.replace(
        manner(story),
        slug=f"{story.slug[:80]}-{turn + 1}",
        published_at=story.published_at + APART * turn,
        modified_at=None,
        phrase="",
    )


def _whole(story: Story) -> Story:
    return story


def _credited(story: Story) -> Story:
    """With the agency in the headline and a line about it below."""
    note = "Berita ini disiarkan kantor berita dan dimuat dengan penyuntingan judul oleh meja redaksi."
    return structs.replace(story, title=f"Antaranews: {story.title}", blocks=(*story.blocks, Block(note)))


def _begun_anew(story: Story) -> Story:
    """With a beginning of its own in place of the agency's."""
    lead = (
        "Perkembangan yang ditunggu warga itu akhirnya jelas. Berikut penjelasan lengkap dari para pihak, termasuk "
        "langkah yang akan ditempuh dalam beberapa pekan mendatang."
    )
    return structs.replace(story, title=f"Akhirnya Jelas, {story.title}", blocks=(Block(lead), *story.blocks[1:]))


def _cut(story: Story) -> Story:
    """Without the last two fifths."""
    kept = max(2, -(-len(story.blocks) * 3 // 5))
    return structs.replace(story, blocks=story.blocks[:kept])


MANNERS: tuple[Callable[[Story], Story], ...] = (_whole, _credited, _begun_anew, _cut)
